package dev.tahini.rpc.examples.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.protobuf.ByteString;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.examples.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.tahini.rpc.examples.admin.v1.SetDelayRequest;
import dev.tahini.rpc.examples.cache.v1.CacheGrpc.CacheBlockingStub;
import dev.tahini.rpc.examples.cache.v1.GetRequest;
import dev.tahini.rpc.examples.cache.v1.PutRequest;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterBlockingStub;
import dev.tahini.rpc.examples.greeter.v1.HelloRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import jakarta.inject.Inject;
import java.time.Duration;

/** The calls of the demo, each with the pick that suits it. Thread-safe. */
final class DemoCalls {
  static final Duration DEADLINE = Duration.ofSeconds(5);

  private final RpcClient<GreeterBlockingStub> greeter;
  private final RpcClient<CacheBlockingStub> cache;
  private final RpcClient<AdminBlockingStub> admin;

  @Inject
  DemoCalls(
      RpcClient<GreeterBlockingStub> greeter,
      RpcClient<CacheBlockingStub> cache,
      RpcClient<AdminBlockingStub> admin) {
    this.greeter = greeter;
    this.cache = cache;
    this.admin = admin;
  }

  /** Says hello to whichever server the pick says. */
  void greet(Pick pick) {
    var unused =
        timed(greeter.stub(pick)).sayHello(HelloRequest.newBuilder().setName("world").build());
  }

  /**
   * Gets a key's value from its server, or puts it there. Both go to the same server, also if the
   * key's owner changes in between.
   *
   * @return false if it was not there
   */
  boolean getOrPut(String key) {
    return cache.call(
        Pick.shard(key),
        stub -> {
          if (isThere(stub, key)) {
            return true;
          }
          put(stub, key);
          return false;
        });
  }

  private static boolean isThere(CacheBlockingStub stub, String key) {
    try {
      var unused = timed(stub).get(GetRequest.newBuilder().setKey(key).build());
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static void put(CacheBlockingStub stub, String key) {
    ByteString value = ByteString.copyFromUtf8("value of " + key);
    var unused = timed(stub).put(PutRequest.newBuilder().setKey(key).setValue(value).build());
  }

  /** Makes one server slow, or fast again. */
  void setDelay(String address, Duration delay) {
    SetDelayRequest request =
        SetDelayRequest.newBuilder().setDelayMs((int) delay.toMillis()).build();
    var unused = timed(admin.stub(Pick.address(address))).setDelay(request);
  }

  private static <S extends AbstractStub<S>> S timed(S stub) {
    return stub.withDeadlineAfter(DEADLINE.toMillis(), MILLISECONDS);
  }
}
