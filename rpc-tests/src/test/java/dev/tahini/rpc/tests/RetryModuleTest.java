package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Injector;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryModule;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RecordedAttempt;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Retries that are installed in an injector. */
final class RetryModuleTest {
  private static final Failure DOWN = Failure.of(Status.UNAVAILABLE.withDescription("down"));

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  private void failNext(int calls) {
    cluster.backends().forEach(backend -> backend.failNext(calls, DOWN));
  }

  private List<String> wherefrom() {
    return cluster.attempts().stream().map(RecordedAttempt::backend).toList();
  }

  @Test
  void callsOfAllClientsAreRetriedOnOtherBackends() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    failNext(1);

    assertEquals(Code.OK, statusOf(injector.getInstance(ProbeBlockingStub.class)));
    assertEquals(4, cluster.attempts().size());
    assertEquals(3, wherefrom().subList(0, 3).stream().distinct().count());
    assertEquals(1, cluster.calls().calls().size());
  }

  private static Code statusOf(ProbeBlockingStub stub) {
    stub.ask(ASK);
    return Code.OK;
  }

  @Test
  void callThatFailsForGoodSaysWhatHappened() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    failNext(5);

    Status status = failure(() -> injector.getInstance(ProbeBlockingStub.class).ask(ASK));
    assertEquals(Code.UNAVAILABLE, status.getCode());
    assertTrue(status.toString().contains("down (5 attempts in "), status::toString);
    for (TestBackend backend : cluster.backends()) {
      assertTrue(status.toString().contains("UNAVAILABLE on " + backend.address()));
    }
    assertEquals(4, status.getCause().getSuppressed().length);
  }

  @Test
  void othersAreLeftAsTheyAre() {
    Injector injector = wiring.injector(new RetryModule().forTargets(target -> false), BLOCKING);
    failNext(1);

    assertEquals(
        "down",
        failure(() -> injector.getInstance(ProbeBlockingStub.class).ask(ASK)).getDescription());
    assertEquals(1, cluster.attempts().size());
  }

  @Test
  void mostSpecificRuleCounts() {
    RetryRules rules =
        RetryRules.all(RetryOptions.none())
            .with("tahini.tests.v1.Probe", RetryOptions.none())
            .with(ProbeGrpc.getAskMethod(), RetryOptions.defaults());
    Injector injector = wiring.injector(new RetryModule(rules), BLOCKING);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);
    failNext(1);

    stub.ask(ASK);
    failNext(1);
    failure(() -> stub.tell(ASK).forEachRemaining(answer -> {}));
  }

  @Test
  void serverStreamIsRetriedUntilItsFirstMessage() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    failNext(1);

    injector.getInstance(ProbeBlockingStub.class).tell(ASK).forEachRemaining(answer -> {});
    assertEquals(4, cluster.attempts().size());
  }

  /** gRPC's own are off: they would make attempts of each attempt. */
  @Test
  void retryPolicyOfAServiceConfigDoesNotMultiplyAttempts() {
    Map<String, Object> policy =
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.001s",
            "maxBackoff",
            "0.001s",
            "backoffMultiplier",
            1.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    Map<String, Object> config =
        Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
    Injector injector =
        wiring.injector(
            new RetryModule(),
            blocking(client -> client.channel(channel -> channel.defaultServiceConfig(config))));
    failNext(100);

    failure(() -> injector.getInstance(ProbeBlockingStub.class).ask(ASK));
    assertEquals(5, cluster.attempts().size());
  }

  @Test
  void retryAroundCodeDoesNotMultiplyAttemptsAndGoesElsewhere() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);
    failNext(1);

    Retry.builder().build().run(() -> stub.ask(ASK));
    assertEquals(4, cluster.attempts().size());
    assertEquals(3, wherefrom().subList(0, 3).stream().distinct().count());
  }

  /** In one attempt, both calls of a key go to its owner. */
  @Test
  void callsOfOneAttemptDoNotAvoidEachOther() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    ProbeBlockingStub stub =
        injector.getInstance(ProbeBlockingStub.class).withOption(Pick.OPTION, Pick.shard("key"));

    Retry.builder()
        .build()
        .run(
            () -> {
              stub.ask(ASK);
              stub.ask(ASK);
            });
    assertEquals(1, wherefrom().stream().distinct().count());
  }

  @Test
  void shardsGoAlongTheKeysOwnOrder() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);
    cluster.awaitReady(client);
    failNext(1);

    client.stub(Pick.shard("key")).ask(ASK);
    List<String> owners =
        client.view().owners("key").stream().map(owner -> nameOf(owner.address())).toList();
    assertEquals(owners, wherefrom().subList(0, 3));
  }

  private String nameOf(String address) {
    return cluster.backends().stream()
        .filter(backend -> backend.address().equals(address))
        .findFirst()
        .orElseThrow()
        .name();
  }

  @Test
  void pinnedCallsStayOnTheirBackend() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);
    cluster.awaitReady(client);
    failNext(2);

    client.call(Pick.leastLoaded(), stub -> stub.ask(ASK));
    assertEquals(3, wherefrom().size());
    assertEquals(1, wherefrom().stream().distinct().count());
  }

  @Test
  void retryAroundPinnedCallsPinsAnew() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);
    cluster.awaitReady(client);
    failNext(1);

    Retry.builder().build().call(() -> client.call(Pick.leastLoaded(), stub -> stub.ask(ASK)));
    assertEquals(4, wherefrom().size());
    assertEquals(3, wherefrom().subList(0, 3).stream().distinct().count());
  }

  @Test
  void budgetOfATargetIsSharedWithRetriesAroundCode() {
    Injector injector = wiring.injector(new RetryModule(), BLOCKING);
    RetryBudgets budgets = injector.getInstance(RetryBudgets.class);
    double before = budgets.of(Fleet.TARGET).balance();
    failNext(1);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    assertSame(budgets.of(Fleet.TARGET), budgets.of(Fleet.TARGET));
    assertEquals(before + 0.2 - 3, budgets.of(Fleet.TARGET).balance(), 1e-9);
  }

  @Test
  void serversWordIsAFloor() {
    StandardRetryPolicy twice = StandardRetryPolicy.defaults().withMaxAttempts(2);
    Injector injector =
        wiring.injector(
            new RetryModule(RetryRules.all(RetryOptions.defaults().withPolicy(twice))), BLOCKING);
    Failure later = Failure.of(Status.UNAVAILABLE).withRetryInfo(Duration.ofHours(1));
    cluster.backends().forEach(backend -> backend.failNext(1, later));

    Status status =
        failure(
            () ->
                injector
                    .getInstance(ProbeBlockingStub.class)
                    .withDeadlineAfter(Await.PATIENCE)
                    .ask(ASK));
    assertTrue(status.toString().contains("after the deadline"), status::toString);
    assertEquals(1, cluster.attempts().size());
  }
}
