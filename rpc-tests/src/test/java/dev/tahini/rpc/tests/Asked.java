package dev.tahini.rpc.tests;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;

/** What a call asks for: each kind of pick. */
enum Asked {
  LEAST_LOADED,
  RANDOM,
  SHARD,
  SHARD_STRICT,
  ADDRESS;

  /** A pick of this kind; those that name a backend name this one. */
  Pick pick(RpcClient<?> client, TestBackend backend) {
    return switch (this) {
      case LEAST_LOADED -> Pick.leastLoaded();
      case RANDOM -> Pick.random();
      case SHARD -> Pick.shard(Fleet.keyOf(client, backend));
      case SHARD_STRICT -> Pick.shard(Fleet.keyOf(client, backend)).strict();
      case ADDRESS -> Fleet.to(backend);
    };
  }

  /** A stub whose calls pick so, and wait for a while. */
  ProbeBlockingStub stub(RpcClient<ProbeBlockingStub> client, TestBackend backend) {
    return client.stub(pick(client, backend)).withDeadlineAfter(Await.PATIENCE);
  }
}
