package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Retry;
import dev.tahini.rpc.RetryPolicy.Stop;
import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RetryPolicy} can show: that it is a pure function, which ends each call's
 * retries and bears whatever a server may send.
 *
 * <pre>{@code
 * class TwiceTest extends RetryPolicyContract {
 *   @Override
 *   protected RetryPolicy newPolicy() {
 *     return new Twice();
 *   }
 *
 *   @Override
 *   protected int mostAttempts() {
 *     return 3;
 *   }
 * }
 * }</pre>
 */
public abstract class RetryPolicyContract {
  private static final int TIMES = 50;
  private static final int THREADS = 4;

  /** For implementers. */
  protected RetryPolicyContract() {}

  /**
   * Makes the policy.
   *
   * @return a new one, equal in what it decides to any other
   */
  protected abstract RetryPolicy newPolicy();

  /**
   * How many attempts a call makes at most that fails each time, the first among them.
   *
   * @return 2 or more
   */
  protected abstract int mostAttempts();

  /**
   * How an attempt ends that is tried again.
   *
   * @return {@code UNAVAILABLE} unless overridden
   */
  protected Status retriable() {
    return Status.UNAVAILABLE.withDescription("the server is away");
  }

  /**
   * How an attempt ends that is not.
   *
   * @return {@code INVALID_ARGUMENT} unless overridden
   */
  protected Status notRetriable() {
    return Status.INVALID_ARGUMENT.withDescription("no such thing");
  }

  /**
   * Whether the policy does as a server asks by {@code grpc-retry-pushback-ms} (gRFC A6).
   *
   * @return true unless overridden
   */
  protected boolean honoursPushback() {
    return true;
  }

  /**
   * How long to wait for decisions that other threads make, in the system's time. 10 s unless
   * overridden.
   *
   * @return more than any pause of the machine that runs the test
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** What is retriable is tried again. */
  @Test
  protected void retriableIsTriedAgain() {
    assertInstanceOf(
        Retry.class,
        decide(newPolicy(), "a first attempt that failed", RetryHistories.of(retriable())),
        "what is decided after a first attempt that ended " + retriable());
  }

  /** A call that fails each time ends: the servers are not asked for ever. */
  @Test
  protected void callThatAlwaysFailsEnds() {
    RetryPolicy policy = newPolicy();
    int attempts = 1;
    while (attempts <= mostAttempts()
        && decide(policy, attempts + " attempts", RetryHistories.of(attempts, retriable()))
            instanceof Retry) {
      attempts++;
    }

    assertTrue(
        attempts <= mostAttempts(),
        () -> "a call that always fails was tried more than " + mostAttempts() + " times");
  }

  /** What is not retriable is not tried again, whatever came before. */
  @Test
  protected void whatIsNotRetriableIsNotTriedAgain() {
    for (int before = 0; before < mostAttempts(); before++) {
      List<Status> statuses = new ArrayList<>(Collections.nCopies(before, retriable()));
      statuses.add(notRetriable());
      History history = RetryHistories.of(statuses.toArray(Status[]::new));

      assertInstanceOf(
          Stop.class,
          decide(newPolicy(), "an attempt that is not retriable", history),
          "what is decided after " + statuses);
    }
  }

  /** A stop says why, for logs and pages. */
  @Test
  protected void stopSaysWhy() {
    Decision decision = decide(newPolicy(), "not retriable", RetryHistories.of(notRetriable()));

    if (decision instanceof Stop stop) {
      assertFalse(stop.reason().isBlank(), "the stop gives no reason");
    }
  }

  /** A policy decides by the history and nothing else; only the delay may vary, by jitter. */
  @Test
  protected void sameHistoryGivesTheSameKindOfDecision() {
    RetryPolicy policy = newPolicy();
    for (int attempts = 1; attempts <= mostAttempts(); attempts++) {
      String what = attempts + " attempts";
      Class<?> first = decide(policy, what, RetryHistories.of(attempts, retriable())).getClass();
      for (int i = 0; i < TIMES; i++) {
        decide(policy, "another call", RetryHistories.of(notRetriable()));
        RetryPolicy asked = i % 2 == 0 ? policy : newPolicy();
        assertEquals(
            first,
            decide(asked, what, RetryHistories.of(attempts, retriable())).getClass(),
            "the decision on one history changed after others were decided");
      }
    }
  }

  /** A policy changes nothing: the history belongs to the caller. */
  @Test
  protected void historyIsLeftAsItWas() {
    RetryPolicy policy = newPolicy();
    RetryHistories.ofOddTrailers(retriable())
        .forEach(
            (what, history) -> {
              String before = RetryHistories.seen(history);
              decide(policy, what, history);
              assertEquals(before, RetryHistories.seen(history), "the history, before and after");
            });
  }

  /** Every status gives a decision. */
  @Test
  protected void everyStatusGivesADecision() {
    assertDecided(RetryHistories.ofEveryCode());
  }

  /** Trailers that make no sense give a decision: servers and proxies send what they like. */
  @Test
  protected void trailersWithoutSenseGiveADecision() {
    assertDecided(RetryHistories.ofOddTrailers(retriable()));
  }

  /** Attempts without a backend, that took long, or are thousands, give a decision. */
  @Test
  protected void oddAttemptsGiveADecision() {
    assertDecided(RetryHistories.ofOddAttempts(retriable()));
  }

  /** Whatever is left of the call's time, there is a decision. */
  @Test
  protected void everyRemainingTimeGivesADecision() {
    assertDecided(RetryHistories.ofEveryRemainingTime(retriable()));
  }

  /** A server that asks not to be tried again is not. */
  @Test
  protected void negativePushbackEndsTheCall() {
    Decision decision =
        decide(newPolicy(), "pushback -1", RetryHistories.trailed(retriable(), "-1"));

    assertTrue(
        decision instanceof Stop || !honoursPushback(),
        () -> "the server's grpc-retry-pushback-ms was -1, and the decision " + decision);
  }

  /** A server that asks to be left alone for a while is. */
  @Test
  protected void pushbackIsNotUndercut() {
    Decision decision =
        decide(newPolicy(), "pushback 1500", RetryHistories.trailed(retriable(), "1500"));

    assertTrue(
        !honoursPushback()
            || decision instanceof Stop
            || (decision instanceof Retry retry && retry.delay().toMillis() >= 1_500),
        () -> "the server's grpc-retry-pushback-ms was 1500, and the decision " + decision);
  }

  /** One instance serves all calls at once. */
  @Test
  protected void isThreadSafe() {
    RetryPolicy policy = newPolicy();
    Runnable decisions =
        () -> {
          for (int i = 0; i < 4 * TIMES; i++) {
            int attempts = 1 + i % mostAttempts();
            decide(policy, attempts + " attempts", RetryHistories.of(attempts, retriable()));
          }
        };

    SideBySide.start(
            new Patience(patience(), () -> {}),
            Collections.nCopies(THREADS, decisions).toArray(Runnable[]::new))
        .await("the decisions of " + THREADS + " threads were to be made");
  }

  /** To decide is not to wait: whoever asks holds the clock. */
  @Test
  protected void decidesWithoutWaiting() {
    RetryPolicy policy = newPolicy();
    decide(policy, "classes are loaded", RetryHistories.of(retriable()));
    long[] waits = new long[1];

    SideBySide.start(
            new Patience(patience(), () -> {}),
            () -> {
              long before = waitsOfThisThread();
              for (int i = 0; i < TIMES; i++) {
                decide(policy, "a first attempt", RetryHistories.of(retriable()));
              }
              waits[0] = waitsOfThisThread() - before;
            })
        .await("the decisions were to be made: the policy blocks");

    assertEquals(0, waits[0], "how often the thread waited in " + TIMES + " decisions");
  }

  private static long waitsOfThisThread() {
    return ManagementFactory.getThreadMXBean()
        .getThreadInfo(Thread.currentThread().getId())
        .getWaitedCount();
  }

  private void assertDecided(Map<String, History> histories) {
    RetryPolicy policy = newPolicy();
    histories.forEach((what, history) -> decide(policy, what, history));
  }

  /** The decision, which is one and no exception. */
  private static Decision decide(RetryPolicy policy, String what, History history) {
    Decision decision;
    try {
      decision = policy.decide(history);
    } catch (RuntimeException e) {
      return Assertions.fail("decide threw " + e + " on " + what + ": the call is lost", e);
    }
    assertNotNull(decision, () -> "decide returned null on " + what);
    return decision;
  }
}
