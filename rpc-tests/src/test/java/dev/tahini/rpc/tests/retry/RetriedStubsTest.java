package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RecordedCall;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.StubKind;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of stub through a client with the retry feature. */
final class RetriedStubsTest {
  private static final Failure DOWN = Failure.of(Status.UNAVAILABLE.withDescription("down"));
  private static final String ONE_REQUEST = ".*UNARY|.*SERVER_STREAM";

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final RpcClient<Channel> client = client(cluster);

  private static RpcClient<Channel> client(RpcTestCluster of) {
    return of.<Channel>clientBuilder(channel -> channel)
        .feature(Retries.feature(RetryOptions.defaults()))
        .build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = ONE_REQUEST)
  void failedCallsAreMadeAgainOnOtherBackends(StubKind kind) throws Exception {
    cluster.awaitReady(client);
    cluster.backend("s0").fail(1, 0, DOWN);
    cluster.backend("s1").fail(1, 0, DOWN);

    for (int i = 0; i < 20; i++) {
      List<AskResponse> answers = kind.call(client.channel(), ask("call " + i));

      assertEquals(1, answers.size());
      assertEquals("s2", answers.get(0).getServer());
      assertEquals("call " + i, answers.get(0).getId());
    }
    for (RecordedCall call : cluster.calls().calls()) {
      assertEquals(new HashSet<>(call.backends()).size(), call.backends().size(), call::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = ONE_REQUEST)
  void callThatFailsEverywhereTellsOfEachAttempt(StubKind kind) {
    cluster.awaitReady(client);
    cluster.backends().forEach(backend -> backend.fail(1, 0, DOWN));

    Throwable failure = assertThrows(Throwable.class, () -> kind.call(client.channel(), ASK));

    Status status = Status.fromThrowable(failure);
    assertEquals(Status.Code.UNAVAILABLE, status.getCode(), failure::toString);
    String said = String.valueOf(status.getDescription());
    assertEquals(true, said.startsWith("down (5 attempts in "), said);
    cluster
        .backends()
        .forEach(b -> assertEquals(true, said.contains("UNAVAILABLE on " + b.address()), said));
    assertEquals(5, cluster.calls().onlyCall().attempts().size());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ONE_REQUEST)
  void callsWithManyRequestsPassUntouched(StubKind kind) {
    cluster.awaitReady(client);
    cluster.backends().forEach(backend -> backend.failNext(1, DOWN));

    assertThrows(Throwable.class, () -> kind.call(client.channel(), ASK));

    assertEquals(1, cluster.calls().onlyCall().attempts().size());
  }

  /** One answer, and then an error. */
  private static final class BreaksOff extends ProbeGrpc.ProbeImplBase {
    @Override
    public void tell(AskRequest request, StreamObserver<AskResponse> observer) {
      observer.onNext(AskResponse.newBuilder().setId("first").build());
      observer.onError(DOWN.status().asRuntimeException());
    }
  }

  @Test
  void streamThatBreaksOffAfterItsFirstMessageIsNotMadeAgain() {
    try (RpcTestCluster breaking = RpcTestCluster.loopback(name -> new BreaksOff(), "a", "b");
        RpcClient<Channel> caller = client(breaking)) {
      breaking.awaitReady(caller);
      Iterator<AskResponse> answers = ProbeGrpc.newBlockingStub(caller.channel()).tell(ASK);

      assertEquals("first", answers.next().getId());
      StatusRuntimeException failure = assertThrows(StatusRuntimeException.class, answers::hasNext);

      assertEquals("down", failure.getStatus().getDescription());
      assertEquals(1, breaking.calls().onlyCall().attempts().size());
    }
  }
}
