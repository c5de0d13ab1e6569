package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertDrops;
import static dev.tahini.rpc.core.TestBalancer.assertFails;
import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gRPC is told, as the balancer publishes it. */
class ChannelPickerTest {
  private static final Pick MINE = Pick.with("mine", "k");

  private final UsersPicker mine = new UsersPicker();
  private final TestBalancer test = new TestBalancer(new TestChannel(mine));

  @Test
  void usersPickerIsFollowed() {
    List<LiveBackend> listed = test.ready(A, B);

    mine.answer = listed.get(1);
    test.assertGoesTo(listed.get(1), test.pick(MINE));
    mine.answer = listed.get(0);
    test.assertGoesTo(listed.get(0), test.pick(MINE));
  }

  @Test
  void usersPickerIsAskedWhatTheCallAsks() {
    test.ready(A);
    Attempts attempts = new Attempts();
    mine.whilePicking =
        () -> {
          PickRequest asked = requireNonNull(mine.asked);
          assertSame(MINE, asked.pick());
          assertEquals("k", asked.key());
          assertSame(attempts, asked.attempts());
          assertSame(ChannelState.NO_METHOD, asked.method());
        };
    mine.why = Status.OK;

    assertWaits(test.pick(FakePickArgs.of(MINE, attempts)));
    assertNotNull(mine.asked);
  }

  @Test
  void requestKeepsNothingOfTheCallAfterThePick() {
    test.ready(A);

    test.pick(FakePickArgs.of(MINE, new Attempts()));

    PickRequest asked = requireNonNull(mine.asked);
    assertSame(Pick.leastLoaded(), asked.pick());
    assertSame(Attempts.NONE, asked.attempts());
  }

  @Test
  void pickInsideAPickLeavesTheOuterRequestAlone() {
    LiveBackend a = test.ready(A).get(0);
    mine.answer = a;
    mine.whilePicking =
        () -> {
          PickRequest outer = requireNonNull(mine.asked);
          test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
          assertSame(MINE, outer.pick());
        };

    test.assertGoesTo(a, test.pick(MINE));
  }

  @Test
  void pickerThatThrowsFailsItsCallByName() {
    test.ready(A);
    mine.toThrow = new IllegalStateException("no table");

    PickResult result = test.pick(MINE);

    assertDrops(
        Status.Code.INTERNAL,
        "greeter.prod:grpc: picker mine failed: java.lang.IllegalStateException: no table",
        result);
    assertSame(mine.toThrow, result.getStatus().getCause());
  }

  @Test
  void pickerThatThrowsAnErrorFailsItsCallByName() {
    test.ready(A);
    mine.toThrow = new StackOverflowError();

    assertDrops(
        Status.Code.INTERNAL,
        "greeter.prod:grpc: picker mine failed: java.lang.StackOverflowError",
        test.pick(MINE));
  }

  @Test
  void pickerThatThrowsFailsNoOtherCall() {
    LiveBackend a = test.ready(A).get(0);
    mine.toThrow = new IllegalStateException("no table");
    test.pick(MINE);

    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
    mine.toThrow = null;
    mine.answer = a;
    test.assertGoesTo(a, test.pick(MINE));
  }

  @Test
  void pickerThatSaysWhyByThrowingFailsItsCallByName() {
    test.ready(A);
    mine.toThrowAsWhy = new IllegalStateException("no reason");

    assertDrops(
        Status.Code.INTERNAL,
        "greeter.prod:grpc: picker mine failed: java.lang.IllegalStateException: no reason",
        test.pick(MINE));
  }

  @Test
  void backendOfAnotherClientFailsTheCall() {
    test.ready(A);
    mine.answer = new TestBalancer().ready(A).get(0);

    assertDrops(
        Status.Code.INTERNAL,
        "greeter.prod:grpc: picker mine failed: java.lang.IllegalStateException:"
            + " it chose a backend of another client: 10.0.0.1:80 READY",
        test.pick(MINE));
  }

  @Test
  void backendThatIsNoLongerListedIsPickedAgain() {
    LiveBackend a = test.ready(A, B).get(0);
    mine.answer = a;

    test.list(B);

    assertWaits(test.pick(MINE));
  }

  @Test
  void unknownPickerFailsTheCall() {
    test.ready(A);

    assertDrops(
        Status.Code.INTERNAL,
        "greeter.prod:grpc: picker yours failed: java.lang.IllegalStateException:"
            + " the client has no picker of this name",
        test.pick(Pick.with("yours", null)));
  }

  @Test
  void pickerThatTakesNoneSaysWhy() {
    test.ready(A);
    mine.why = Status.RESOURCE_EXHAUSTED.withDescription("tenant k has no share");

    assertFails(
        Status.Code.RESOURCE_EXHAUSTED,
        "greeter.prod:grpc: tenant k has no share",
        test.pick(MINE));
  }

  @Test
  void reasonWithoutDescriptionIsSaidInWords() {
    test.ready(A);
    mine.why = Status.RESOURCE_EXHAUSTED;

    String description = requireNonNull(test.pick(MINE).getStatus().getDescription());

    assertTrue(description.startsWith("greeter.prod:grpc: "), description);
    assertFalse(description.contains("null"), description);
  }

  @Test
  void pickerThatTakesNoneMayWait() {
    test.ready(A);
    mine.why = Status.OK;

    assertWaits(test.pick(MINE));
  }

  @Test
  void pickerThatTakesNoneOfTheReadyFailsItsCall() {
    test.ready(A, B);

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: its picker takes none of the 2 backends that are ready",
        test.pick(MINE));
  }

  @Test
  void pickerThatTakesNoneWaitsWhileAListIsReplaced() {
    test.ready(A);
    test.channel.list(B); // which the balancer has not heard of yet

    assertWaits(test.pick(MINE));
  }

  @Test
  void pickerThatTakesNoneWaitsWhileAConnectionIsBeingMade() {
    List<LiveBackend> listed = test.list(A, B);
    test.become(listed.get(0), READY);
    test.become(listed.get(1), CONNECTING);

    assertWaits(test.pick(MINE));
  }

  @Test
  void pickerThatTakesNoneFailsWithTheLastErrorWhereNoneCanBeConnected() {
    test.list(A);
    test.helper.subchannel("10.0.0.1:80").fail("refused");

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: none of its 1 backends can be connected;"
            + " last error: 10.0.0.1:80 cannot be connected: refused",
        test.pick(MINE));
  }

  @Test
  void pickerThatTakesNoneWaitsWhenTheReadySetChangedMeanwhile() {
    List<LiveBackend> listed = test.ready(A, B);
    mine.whilePicking = () -> test.channel.become(listed.get(0), CONNECTING); // not yet published

    assertWaits(test.pick(MINE));
  }

  @Test
  void readyPickIsTheSameResultEachTime() {
    test.ready(A);

    assertSame(test.pick(Pick.leastLoaded()), test.pick(Pick.leastLoaded()));
  }
}
