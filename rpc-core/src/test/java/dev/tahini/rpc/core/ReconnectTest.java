package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the policy connects anew what failed or was lost. */
class ReconnectTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

  @Test
  void failureSticksUntilReady() {
    LiveBackend a = test.list(A).get(0);

    helper.subchannel("10.0.0.1:80").fail("refused");
    test.become(a, CONNECTING);
    assertEquals(TRANSIENT_FAILURE, a.state());
    test.become(a, IDLE);
    assertEquals(TRANSIENT_FAILURE, a.state());
    test.become(a, READY);
    assertEquals(READY, a.state());
  }

  @Test
  void timeOfAStateIsThatOfItsBeginning() {
    LiveBackend a = test.list(A).get(0);
    channel.time.pass(Duration.ofSeconds(1));
    helper.subchannel("10.0.0.1:80").fail("refused");
    Instant failedAt = channel.time.clock().instant();

    channel.time.pass(Duration.ofSeconds(1));
    helper.subchannel("10.0.0.1:80").fail("refused again");

    assertEquals(failedAt, a.since());
  }

  @Test
  void failureAsksDiscoveryToLookAgain() {
    test.list(A);

    helper.subchannel("10.0.0.1:80").fail("refused");

    assertEquals(1, helper.refreshes);
  }

  @Test
  void connectionIsReplacedAfterSixFailuresWithinTenSeconds() {
    LiveBackend a = test.list(A).get(0);
    FakeSubchannel old = helper.subchannel("10.0.0.1:80");
    old.failTimes(5);
    assertEquals(List.of(), channel.time.timers());
    old.failTimes(1);
    Duration wait = onlyTimer();
    assertTrue(wait.compareTo(Duration.ofSeconds(8)) >= 0, wait::toString);
    assertTrue(wait.compareTo(Duration.ofSeconds(10)) <= 0, wait::toString);

    channel.time.pass(wait);

    FakeSubchannel fresh = helper.subchannel("10.0.0.1:80");
    assertNotSame(old, fresh);
    assertTrue(old.shutdown);
    assertEquals(1, fresh.connectionRequests);
    test.become(a, READY);
    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
  }

  @Test
  void replacedConnectionNoLongerSpeaks() {
    LiveBackend a = test.list(A).get(0);
    FakeSubchannel old = helper.subchannel("10.0.0.1:80");
    old.failTimes(6);
    channel.time.pass(Duration.ofSeconds(10));
    test.become(a, READY);

    old.fail("late");
    old.become(IDLE);

    assertEquals(READY, a.state());
  }

  @Test
  void newConnectionHasSixFailuresOfItsOwn() {
    test.list(A);
    helper.subchannel("10.0.0.1:80").failTimes(6);
    channel.time.pass(Duration.ofSeconds(10));

    helper.subchannel("10.0.0.1:80").failTimes(5);
    assertEquals(List.of(), channel.time.timers());
    helper.subchannel("10.0.0.1:80").failTimes(1);
    assertEquals(1, channel.time.timers().size());
  }

  @Test
  void seventhFailureBeforeTheReplacementStillReplacesOnce() {
    test.list(A);
    helper.subchannel("10.0.0.1:80").failTimes(7);

    assertEquals(1, channel.time.timers().size());
    channel.time.pass(Duration.ofSeconds(30));

    assertEquals(2, helper.subchannels.size());
  }

  @Test
  void failuresAreCountedSinceTheBackendWasReady() {
    LiveBackend a = test.list(A).get(0);
    helper.subchannel("10.0.0.1:80").failTimes(5);
    test.become(a, READY);

    helper.subchannel("10.0.0.1:80").failTimes(5);

    assertEquals(List.of(), channel.time.timers());
  }

  /** gRPC's own sixth wait, 10.5 s less its jitter, may end before ours. */
  @Test
  void connectionThatIsReadyBeforeItsReplacementIsKept() {
    LiveBackend a = test.list(A).get(0);
    FakeSubchannel only = helper.subchannel("10.0.0.1:80");
    only.failTimes(6);

    channel.time.pass(Duration.ofSeconds(7));
    only.become(READY);
    channel.time.pass(Duration.ofSeconds(30));

    assertFalse(only.shutdown);
    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
  }

  @Test
  void vanishedBackendIsNotConnectedAnewByItsTimer() {
    test.list(A, B);
    helper.subchannel("10.0.0.1:80").failTimes(6);

    test.list(B);
    channel.time.pass(Duration.ofSeconds(30));

    assertEquals(2, helper.subchannels.size());
  }

  @Test
  void lostConnectionIsMadeAgainAtOnce() {
    LiveBackend a = test.ready(A).get(0);
    channel.time.pass(Duration.ofSeconds(1));

    test.become(a, IDLE);

    assertEquals(2, helper.subchannel("10.0.0.1:80").connectionRequests);
    assertEquals(IDLE, a.state());
  }

  @Test
  void lostConnectionAsksDiscoveryToLookAgain() {
    LiveBackend a = test.ready(A).get(0);

    test.become(a, IDLE);

    assertEquals(1, helper.refreshes);
  }

  @Test
  void shortLivedConnectionIsMadeAgainAfterAWhile() {
    LiveBackend a = test.ready(A).get(0);
    channel.time.pass(Duration.ofMillis(999));

    test.become(a, IDLE);

    assertEquals(1, helper.subchannel("10.0.0.1:80").connectionRequests);
    Duration wait = onlyTimer();
    assertTrue(wait.compareTo(Duration.ofMillis(800)) >= 0, wait::toString);
    assertTrue(wait.compareTo(Duration.ofSeconds(1)) <= 0, wait::toString);
    channel.time.pass(wait);
    assertEquals(2, helper.subchannel("10.0.0.1:80").connectionRequests);
  }

  @Test
  void callsWaitForAConnectionThatWasLost() {
    LiveBackend a = test.ready(A).get(0);

    test.become(a, IDLE);

    assertEquals(CONNECTING, helper.last().state());
    assertWaits(test.pick(Pick.leastLoaded()));
  }

  @Test
  void requestForAConnectionEndsTheWaitAfterAShortLivedOne() {
    LiveBackend a = test.ready(A).get(0);
    test.become(a, IDLE);

    helper.syncContext.execute(test.balancer::requestConnection);

    assertEquals(2, helper.subchannel("10.0.0.1:80").connectionRequests);
    assertEquals(List.of(), channel.time.timers());
  }

  @Test
  void requestForAConnectionChangesNothingForThoseThatHaveOneOrAreMakingIt() {
    test.list(A, B);
    test.become(channel.backends.current().backends().get(0), READY);

    helper.syncContext.execute(test.balancer::requestConnection);

    helper.subchannels.forEach(subchannel -> assertEquals(1, subchannel.connectionRequests));
  }

  @Test
  void connectWithoutAnAnswerHasFailedAfterTwentySeconds() {
    LiveBackend a = test.list(A).get(0);
    FakeSubchannel silent = helper.subchannel("10.0.0.1:80");
    silent.become(CONNECTING);

    channel.time.pass(Duration.ofMillis(19_999));
    assertEquals(CONNECTING, a.state());
    channel.time.pass(Duration.ofMillis(1));

    assertEquals(TRANSIENT_FAILURE, a.state());
    assertTrue(silent.shutdown);
    TestBalancer.assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.1:80 cannot be connected: no answer within 20 s",
        test.pick(Pick.address("10.0.0.1:80")));
  }

  @Test
  void backendThatDidNotAnswerIsConnectedAnewAfterAWhile() {
    LiveBackend a = test.list(A).get(0);
    helper.subchannel("10.0.0.1:80").become(CONNECTING);
    channel.time.pass(Duration.ofSeconds(20));

    Duration wait = onlyTimer();
    assertTrue(wait.compareTo(Duration.ofSeconds(1)) <= 0, wait::toString);
    channel.time.pass(wait);

    assertEquals(2, helper.subchannels.size());
    assertEquals(1, helper.subchannel("10.0.0.1:80").connectionRequests);
    test.become(a, READY);
    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
  }

  @Test
  void connectThatIsAnsweredHasNoTimeout() {
    LiveBackend a = test.list(A).get(0);
    test.become(a, CONNECTING);
    test.become(a, READY);

    assertEquals(List.of(), channel.time.timers());
  }

  private Duration onlyTimer() {
    assertEquals(1, channel.time.timers().size());
    return channel.time.timers().get(0);
  }
}
