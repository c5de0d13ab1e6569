package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Injector;
import com.google.inject.Module;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.retry.Backoff;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryBudget;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryModule;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RecordedCall;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Wiring;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries by Guice. All backends fail all calls, so that each call has as many as it may. */
final class RetryModuleTest {
  private static final StandardRetryPolicy SOON =
      StandardRetryPolicy.defaults()
          .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0));
  private static final RetryRules RULES = RetryRules.all(attempts(3));

  /** Five attempts of gRPC's own. */
  private static final Map<String, ?> SERVICE_CONFIG =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of()),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      5.0,
                      "initialBackoff",
                      "0.001s",
                      "maxBackoff",
                      "0.001s",
                      "backoffMultiplier",
                      1.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))));

  private static final Module WITH_SERVICE_CONFIG =
      Wiring.blocking(
          client -> client.channel(channel -> channel.defaultServiceConfig(SERVICE_CONFIG)));

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  private static boolean isAnother(Target target) {
    return !target.toString().equals(Fleet.TARGET);
  }

  private static RetryOptions attempts(int most) {
    return RetryOptions.defaults().withPolicy(SOON.withMaxAttempts(most));
  }

  @BeforeEach
  void failAllCalls() {
    cluster.backends().forEach(b -> b.fail(1, 0, Failure.of(Status.UNAVAILABLE)));
  }

  private List<Integer> attemptsOfEachCall() {
    return cluster.calls().calls().stream().map(RecordedCall::attempts).map(List::size).toList();
  }

  private static void askInVain(ProbeBlockingStub stub) {
    assertEquals(Status.Code.UNAVAILABLE, failure(() -> stub.ask(ASK)).getCode());
  }

  @Test
  void allClientsRetry() {
    Injector injector = wiring.injector(new RetryModule(RULES), Wiring.BLOCKING, Wiring.FUTURE);

    askInVain(injector.getInstance(ProbeBlockingStub.class));
    failure(() -> ProbeGrpc.newBlockingStub(channel(injector)).ask(ASK));

    assertEquals(List.of(3, 3), attemptsOfEachCall());
  }

  private static Channel channel(Injector injector) {
    return injector.getInstance(ProbeFutureStub.class).getChannel();
  }

  @Test
  void withoutRulesTheDefaultsAreUsed() {
    Injector injector = wiring.injector(new RetryModule(), Wiring.BLOCKING);

    askInVain(injector.getInstance(ProbeBlockingStub.class));

    assertEquals(List.of(5), attemptsOfEachCall());
  }

  @Test
  void onlyTheClientsOfSomeTargetsRetry() {
    Module other = Wiring.future(client -> client.to("other.test:grpc"));
    Injector injector =
        wiring.injector(
            new RetryModule(RULES).forTargets(RetryModuleTest::isAnother), Wiring.BLOCKING, other);

    askInVain(injector.getInstance(ProbeBlockingStub.class));
    failure(() -> ProbeGrpc.newBlockingStub(channel(injector)).ask(ASK));

    assertEquals(List.of(1, 3), attemptsOfEachCall());
  }

  @Test
  void clientsOfOtherTargetsKeepGrpcsOwnRetries() {
    Injector injector =
        wiring.injector(
            new RetryModule(RULES).forTargets(RetryModuleTest::isAnother), WITH_SERVICE_CONFIG);

    askInVain(injector.getInstance(ProbeBlockingStub.class));

    assertEquals(List.of(5), attemptsOfEachCall());
  }

  @Test
  void retryPolicyOfAServiceConfigDoesNotMultiplyAttempts() {
    Injector injector = wiring.injector(new RetryModule(RULES), WITH_SERVICE_CONFIG);

    askInVain(injector.getInstance(ProbeBlockingStub.class));

    assertEquals(List.of(3), attemptsOfEachCall());
  }

  @Test
  void ruleOfTheMethodComesBeforeThatOfTheServiceBeforeThatOfAll() {
    RetryRules rules =
        RULES
            .with("tahini.tests.v1.Probe", attempts(2))
            .with(ProbeGrpc.getAskMethod(), attempts(4));
    Injector injector = wiring.injector(new RetryModule(rules), Wiring.BLOCKING);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);

    askInVain(stub);
    failure(() -> stub.tell(ASK).hasNext());

    assertEquals(List.of(4, 2), attemptsOfEachCall());
  }

  @Test
  void ruleByNameOfTheMethodCountsAsOneByItsDescriptor() {
    RetryRules rules = RULES.with("tahini.tests.v1.Probe/Ask", RetryOptions.none());
    Injector injector = wiring.injector(new RetryModule(rules), Wiring.BLOCKING);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);

    askInVain(stub);
    failure(() -> stub.tell(ASK).hasNext());

    assertEquals(List.of(1, 3), attemptsOfEachCall());
  }

  @Test
  void retriesInsideOfStubsSpendTheInjectedBudgetOfTheTarget() {
    Injector injector = wiring.injector(new RetryModule(RULES), Wiring.BLOCKING);
    RetryBudget budget = injector.getInstance(RetryBudgets.class).of(Fleet.TARGET);
    double full = budget.balance();

    askInVain(injector.getInstance(ProbeBlockingStub.class));

    assertEquals(full + 0.2 - 2, budget.balance(), 0.001);
  }

  @Test
  void budgetThatARetryAroundCodeHasUsedUpIsUsedUpForStubsToo() {
    RecordedRetries retries = new RecordedRetries();
    Injector injector =
        wiring.injector(new RetryModule(RULES), Wiring.BLOCKING, Wiring.feature(retries));
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);
    RetryBudget budget = injector.getInstance(RetryBudgets.class).of(Fleet.TARGET);
    Retry retry = Retry.builder().policy(SOON.withMaxAttempts(1_000)).budget(budget).build();

    Status around = failure(() -> retry.run(() -> stub.ask(ASK)));
    while (budget.tryRetry()) {} // what came back in the meantime
    askInVain(stub);

    String said = String.valueOf(around.getDescription());
    assertTrue(said.endsWith("the retry budget is used up)") || said.endsWith("used up"), said);
    assertEquals(List.of("the retry budget is used up"), retries.reasons());
    List<Integer> attempts = attemptsOfEachCall();
    assertEquals(1, attempts.get(attempts.size() - 1));
  }
}
