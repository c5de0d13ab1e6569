package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What outlives a balancer: gRPC drops it when the channel goes idle, and makes another. */
class IdleChannelTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

  @Test
  void idleChannelLetsGoOfItsConnectionsAndKeepsItsBackends() {
    List<LiveBackend> listed = test.ready(A, B);
    TestChannel.load(listed.get(0), 3);

    test.shutdown();

    helper.subchannels.forEach(subchannel -> assertTrue(subchannel.shutdown));
    assertEquals(listed, channel.backends.current().backends());
    listed.forEach(backend -> assertEquals(IDLE, backend.state()));
    assertEquals(3, listed.get(0).inFlight());
  }

  @Test
  void nothingIsPublishedAfterShutdown() {
    test.ready(A, B);
    test.shutdown();
    int before = helper.publications.size();

    helper.subchannels.forEach(subchannel -> subchannel.become(IDLE));
    test.resolutionFails(Status.UNAVAILABLE);

    assertEquals(before, helper.publications.size());
  }

  @Test
  void timersEndWithTheBalancer() {
    test.list(A);
    helper.subchannel("10.0.0.1:80").failTimes(6);

    test.shutdown();
    channel.time.pass(Duration.ofSeconds(30));

    assertEquals(1, helper.subchannels.size());
  }

  @Test
  void secondBalancerOfAChannelFindsBackendsAndCounts() {
    List<LiveBackend> listed = test.ready(A, B);
    TestChannel.load(listed.get(0), 3);
    test.shutdown();

    TestBalancer second = new TestBalancer(channel);
    List<LiveBackend> again = second.ready(A, B);

    assertEquals(listed, again);
    assertEquals(3, listed.get(0).inFlight());
    second.assertGoesTo(listed.get(1), second.pick(Pick.leastLoaded()));
  }

  @Test
  void secondBalancerServesWhatWasListedMeanwhile() {
    test.ready(A, B);
    test.shutdown();
    channel.list(B, C);

    TestBalancer second = new TestBalancer(channel);
    second.accept(List.of(B.toAddressGroup(), C.toAddressGroup()));

    assertEquals(
        List.of("10.0.0.2:80", "10.0.0.3:80"),
        second.helper.subchannels.stream().map(FakeSubchannel::address).toList());
  }

  @Test
  void failureIsForgottenWhenTheChannelGoesIdle() {
    LiveBackend a = test.list(A).get(0);
    helper.subchannel("10.0.0.1:80").fail("refused");
    test.shutdown();

    TestBalancer second = new TestBalancer(channel);
    second.list(A);

    assertEquals(IDLE, a.state());
    assertWaits(second.pick(Pick.leastLoaded()));
  }

  @Test
  void backendThatVanishesWhileTheChannelIsIdleIsShutDown() {
    LiveBackend a = test.ready(A, B).get(0);
    test.shutdown();

    TestBalancer second = new TestBalancer(channel);
    second.list(B);

    assertEquals(SHUTDOWN, a.state());
  }

  @Test
  void pinnedCallToABackendThatVanishedWhileTheChannelWasIdleFails() {
    LiveBackend a = test.ready(A, B).get(0);
    Pin pin = test.channel.state.newPin();
    pin.propose(a);
    pin.fix(a);
    test.shutdown();

    TestBalancer second = new TestBalancer(channel);
    second.ready(B);

    TestBalancer.assertDrops(
        Status.Code.UNAVAILABLE,
        "greeter.prod:grpc: 10.0.0.1:80 is no longer among its backends",
        second.pick(FakePickArgs.of(Pick.leastLoaded(), pin)));
  }
}
