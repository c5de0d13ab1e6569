package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.retry.RetryEngine.Again;
import dev.tahini.rpc.retry.RetryEngine.Over;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

class RetryEngineTest {
  private final FakeTime time = new FakeTime();

  private RetryEngine engine(RetryPolicy policy, @Nullable RetryBudget budget) {
    return new RetryEngine(policy, budget, time, new CallEvents() {}, null);
  }

  private static RetryPolicy after(long nanos) {
    return history -> Decision.retryAfter(Duration.ofNanos(nanos));
  }

  private static Outcome down(@Nullable String backend) {
    return new Outcome(
        Status.UNAVAILABLE.withDescription("down"),
        new Metadata(),
        backend,
        Duration.ZERO,
        Duration.ZERO);
  }

  @Property
  void neverSleepsPastTheDeadline(
      @ForAll @LongRange(max = 10_000_000_000L) long delay,
      @ForAll @LongRange(min = -1_000_000_000L, max = 10_000_000_000L) long left) {
    RetryEngine.Next next =
        engine(after(delay), null).next(null, List.of(down(null)), true, Duration.ofNanos(left), 0);

    assertEquals(delay < left, next instanceof Again);
  }

  @Example
  void lateCallPaysNothing() {
    RetryBudget budget = RetryBudget.of(0, 1, time);
    engine(after(5), budget).next(null, List.of(down(null)), true, Duration.ofNanos(5), 0);

    assertEquals(10, budget.balance());
  }

  @Example
  void errorSaysWhatHappenedAndWhere() {
    List<Outcome> outcomes = List.of(down("10.0.0.7:8080"), down(null), down("10.0.0.9:8080"));
    Over over =
        (Over)
            engine(history -> Decision.stop("enough"), null)
                .next(null, outcomes, true, null, 1_240_000_000L);

    assertEquals(Status.Code.UNAVAILABLE, over.status().getCode());
    assertEquals(
        "down (3 attempts in 1.24 s: UNAVAILABLE on 10.0.0.7:8080, UNAVAILABLE,"
            + " UNAVAILABLE on 10.0.0.9:8080; enough)",
        over.status().getDescription());
    Throwable cause = assertInstanceOf(RetriedException.class, over.status().getCause());
    assertEquals(2, cause.getSuppressed().length);
  }

  @Example
  void errorOfManyAttemptsNamesTheLast() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      outcomes.add(down("10.0.0.7:" + i));
    }
    Over over =
        (Over) engine(history -> Decision.stop("enough"), null).next(null, outcomes, true, null, 1);

    String said = String.valueOf(over.status().getDescription());
    assertTrue(said.contains("1000 attempts in 0 ms: ..., UNAVAILABLE on 10.0.0.7:990,"), said);
    assertTrue(said.length() < 500, said);
  }

  @Example
  void onlyFailureThatIsNotRetriedIsLeftAsItIs() {
    Outcome only = down(null);
    RetryEngine engine = engine(history -> Decision.stop("not retried"), null);

    assertSame(only.status(), ((Over) engine.next(null, List.of(only), true, null, 1)).status());
  }
}
