package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;

/** What a call asks for: each kind of pick. */
enum Asked {
  LEAST_LOADED,
  RANDOM,
  SHARD,
  SHARD_STRICT,
  ADDRESS;

  /** A pick of this kind; those that name a backend name this one. */
  Pick pick(RpcClient<?> client, Endpoint backend) {
    return switch (this) {
      case LEAST_LOADED -> Pick.leastLoaded();
      case RANDOM -> Pick.random();
      case SHARD -> Pick.shard(Fleet.keyOf(client, backend));
      case SHARD_STRICT -> Pick.shard(Fleet.keyOf(client, backend)).strict();
      case ADDRESS -> Pick.address(backend.addressText());
    };
  }

  /** A stub whose calls pick so, and wait for a while. */
  ProbeBlockingStub stub(RpcClient<ProbeBlockingStub> client, Endpoint backend) {
    return client.stub(pick(client, backend)).withDeadlineAfter(Await.PATIENCE);
  }
}
