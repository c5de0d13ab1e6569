package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertDrops;
import static dev.tahini.rpc.core.TestBalancer.assertFails;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Pick;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gRPC is told of calls that share a {@link Pin}. */
class PinnedPickTest {
  private static final Pick MINE = Pick.with("mine", "k");

  private final UsersPicker mine = new UsersPicker();
  private final TestBalancer test = new TestBalancer(new TestChannel(mine));

  @Test
  void firstCallPinsAndTheOthersFollow() {
    List<LiveBackend> listed = test.ready(A, B);
    Pin pin = test.channel.state.newPin();

    PickResult first = test.pick(FakePickArgs.of(Pick.address("10.0.0.2:80"), pin));
    PickResult second = test.pick(FakePickArgs.of(Pick.address("10.0.0.1:80"), pin));

    test.assertGoesTo(listed.get(1), first);
    test.assertGoesTo(listed.get(1), second);
  }

  @Test
  void pinnedCallFailsWithItsBackendsErrorOnceItHasAStream() {
    List<LiveBackend> listed = test.ready(A, B);
    Pin pin = test.channel.state.newPin();
    pin.fix(listed.get(0));
    test.helper.subchannel("10.0.0.1:80").fail("reset");

    assertFails(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.1:80 cannot be connected: reset",
        test.pick(FakePickArgs.of(Pick.leastLoaded(), pin)));
  }

  @Test
  void pinMovesWhileItHasNoStream() {
    List<LiveBackend> listed = test.ready(A, B);
    Pin pin = test.channel.state.newPin();
    pin.propose(listed.get(0));
    test.helper.subchannel("10.0.0.1:80").fail("reset");

    test.assertGoesTo(listed.get(1), test.pick(FakePickArgs.of(Pick.leastLoaded(), pin)));
  }

  @Test
  void pinnedCallToABackendThatVanishedFailsByNamingIt() {
    LiveBackend a = test.ready(A, B).get(0);
    Pin pin = test.channel.state.newPin();
    pin.fix(a);

    test.list(B);

    assertDrops(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.1:80 is no longer among its backends",
        test.pick(FakePickArgs.of(Pick.leastLoaded(), pin)));
  }

  @Test
  void pickThatThrowsPinsNothing() {
    test.ready(A);
    Pin pin = test.channel.state.newPin();
    mine.toThrow = new IllegalStateException("no table");

    test.pick(FakePickArgs.of(MINE, pin));

    assertSame(null, pin.backend());
  }
}
