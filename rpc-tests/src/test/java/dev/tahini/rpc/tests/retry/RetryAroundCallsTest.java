package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.Backoff;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RecordedAttempt;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries around calls of a client that retries, too. */
final class RetryAroundCallsTest {
  private static final int SERVERS = 4;
  private static final Failure DOWN = Failure.of(Status.UNAVAILABLE);
  private static final StandardRetryPolicy SOON =
      StandardRetryPolicy.defaults()
          .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0));

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);

  @AutoClose
  private final RpcClient<Channel> client =
      cluster
          .<Channel>clientBuilder(channel -> channel)
          .feature(Retries.feature(RetryOptions.defaults().withPolicy(SOON)))
          .build();

  private final Retry retry = Retry.builder().policy(SOON.withMaxAttempts(SERVERS)).build();

  @BeforeEach
  void connect() {
    cluster.awaitReady(client);
  }

  private void failAllBackends() {
    cluster.backends().forEach(backend -> backend.fail(1, 0, DOWN));
  }

  private void failAllBackendsBut(String good) {
    failAllBackends();
    cluster.backend(good).heal();
  }

  private List<String> tried() {
    return cluster.attempts().stream().map(RecordedAttempt::backend).toList();
  }

  @Test
  void blockingRetryDoesNotMultiplyAttemptsAndTriesEachBackendOnce() {
    failAllBackends();
    ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(client.stub(Pick.random()));

    failure(() -> retry.call(() -> stub.ask(ASK)));

    assertEquals(SERVERS, tried().size());
    assertEquals(SERVERS, Set.copyOf(tried()).size(), () -> "tried " + tried());
  }

  @Test
  void futureRetryDoesNotMultiplyAttemptsAndFindsTheOneThatServes() {
    failAllBackendsBut("s2");

    for (int i = 0; i < 20; i++) {
      AskResponse answer =
          answer(
              retry.callAsync(() -> ProbeGrpc.newFutureStub(client.stub(Pick.random())).ask(ASK)));
      assertEquals("s2", answer.getServer());
    }

    assertEquals(20, cluster.attempts().stream().filter(a -> a.backend().equals("s2")).count());
  }

  @Test
  void retryOfSeveralCallsAvoidsWhereOneOfThemFailed() {
    ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(client.channel());
    Pick good = Pick.shard(Fleet.keyOf(client, cluster.backend("s0")));
    Pick failing = Pick.shard(Fleet.keyOf(client, cluster.backend("s1")));
    cluster.backend("s1").failNext(1, DOWN);

    retry.run(
        () -> {
          assertEquals("s0", stub.withOption(Pick.OPTION, good).ask(ASK).getServer());
          assertNotEquals("s1", stub.withOption(Pick.OPTION, failing).ask(ASK).getServer());
        });

    assertEquals(List.of("s0", "s1", "s0"), tried().subList(0, 3));
    assertEquals(4, tried().size());
  }

  @Test
  void retriesInsideOfAPinnedFunctionStayOnItsBackend() {
    failAllBackends();

    client.call(
        Pick.random(), channel -> failure(() -> ProbeGrpc.newBlockingStub(channel).ask(ASK)));

    assertEquals(5, tried().size());
    assertEquals(1, Set.copyOf(tried()).size(), () -> "tried " + tried());
  }

  @Test
  void pinnedFunctionGoesOnWhereItsCallWasRetried() {
    cluster.backends().forEach(backend -> backend.failNext(2, DOWN));

    List<String> servers =
        client.call(
            Pick.random(),
            channel -> {
              ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(channel);
              return List.of(stub.ask(ASK).getServer(), stub.ask(ASK).getServer());
            });

    assertEquals(1, Set.copyOf(servers).size(), servers::toString);
    assertEquals(4, tried().size());
    assertEquals(Set.copyOf(servers), Set.copyOf(tried()));
  }

  @Test
  void retryAroundAPinnedFunctionPinsAnewOnAnotherBackend() {
    failAllBackendsBut("s3");

    for (int i = 0; i < 20; i++) {
      cluster.reset();
      List<String> servers =
          retry.call(
              () ->
                  client.call(
                      Pick.random(),
                      channel -> {
                        ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(channel);
                        return List.of(stub.ask(ASK).getServer(), stub.ask(ASK).getServer());
                      }));

      assertEquals(List.of("s3", "s3"), servers);
      List<String> failed = tried().subList(0, tried().size() - 2);
      assertEquals(new HashSet<>(failed).size(), failed.size(), failed::toString);
    }
  }

  @Test
  void callAfterARetryIsRetriedByItself() {
    ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(client.channel());
    retry.call(() -> stub.ask(ASK));
    cluster.reset();
    cluster.backends().forEach(backend -> backend.failNext(1, DOWN));

    assertEquals("", stub.ask(ASK).getId());

    assertEquals(SERVERS + 1, cluster.calls().onlyCall().attempts().size());
  }
}
