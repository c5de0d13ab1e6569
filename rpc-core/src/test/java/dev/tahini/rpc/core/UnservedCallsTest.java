package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertFails;
import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Pick;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How calls fail that no backend can serve. */
class UnservedCallsTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

  @Test
  void callsFailWhereNoneCanBeConnected() {
    test.list(A, B);

    helper.subchannel("10.0.0.1:80").fail("refused");
    assertWaits(test.pick(Pick.leastLoaded()));
    helper.subchannel("10.0.0.2:80").fail("no route");

    assertEquals(TRANSIENT_FAILURE, helper.last().state());
    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: none of its 2 backends can be connected;"
            + " last error: 10.0.0.2:80 cannot be connected: no route",
        test.pick(Pick.leastLoaded()));
  }

  @Test
  void callByAddressFailsWithTheBackendsOwnError() {
    test.ready(A, B);

    helper.subchannel("10.0.0.1:80").fail("refused");

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.1:80 cannot be connected: refused",
        test.pick(Pick.address("10.0.0.1:80")));
  }

  @Test
  void callByAddressThatIsNotListedFailsByNamingIt() {
    test.ready(A, B);

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.9:80 is not among its 2 backends",
        test.pick(Pick.address("10.0.0.9:80")));
  }

  @Test
  void emptyListFailsCallsByNamingItsAge() {
    channel.lastConfirmed = channel.time.clock().instant();
    test.list();

    channel.time.pass(Duration.ofMillis(3_700));

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: no backends; last answer 3 s ago listed 0 endpoints",
        test.pick(Pick.leastLoaded()));
  }

  @Test
  void emptyListOfASourceWithoutTimesFailsCalls() {
    test.list();

    assertEquals(TRANSIENT_FAILURE, helper.last().state());
    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: no backends; the last answer listed 0 endpoints",
        test.pick(Pick.leastLoaded()));
  }

  @Test
  void resolutionErrorBeforeTheFirstListFailsCalls() {
    Exception cause = new IllegalStateException("no route");

    test.resolutionFails(Status.NOT_FOUND.withDescription("no such service").withCause(cause));

    assertEquals(TRANSIENT_FAILURE, helper.last().state());
    PickResult result = test.pick(Pick.leastLoaded());
    assertFails(Status.Code.UNAVAILABLE, "no such service", result);
    assertSame(cause, result.getStatus().getCause());
  }

  @Test
  void resolutionErrorAfterAListIsIgnored() {
    test.ready(A);
    int before = helper.publications.size();

    test.resolutionFails(Status.UNAVAILABLE);

    assertEquals(before, helper.publications.size());
  }

  @Test
  void resolutionErrorAfterAnEmptyListIsIgnored() {
    test.list();
    int before = helper.publications.size();

    test.resolutionFails(Status.UNAVAILABLE);

    assertEquals(before, helper.publications.size());
  }

  @Test
  void listAfterAResolutionErrorServes() {
    test.resolutionFails(Status.UNAVAILABLE);

    LiveBackend a = test.ready(A).get(0);

    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
  }
}
