package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.Endpoints.A;
import static dev.tahini.rpc.core.Endpoints.B;
import static dev.tahini.rpc.core.Endpoints.C;
import static dev.tahini.rpc.core.Endpoints.draining;
import static dev.tahini.rpc.core.Endpoints.endpoints;
import static dev.tahini.rpc.core.TestBalancer.assertFails;
import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TahiniLoadBalancerTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

  @Test
  void eachBackendIsConnectedAtOnce() {
    test.list(A, B, C);

    assertEquals(3, helper.subchannels.size());
    helper.subchannels.forEach(subchannel -> assertEquals(1, subchannel.connectionRequests));
  }

  @Test
  void listIsPublishedAndCallsWait() {
    test.list(A, B);

    assertEquals(CONNECTING, helper.last().state());
    assertWaits(test.pick(Pick.leastLoaded()));
  }

  @Test
  void callGoesToABackendThatIsReady() {
    List<LiveBackend> listed = test.list(A, B);

    test.become(listed.get(1), READY);

    assertEquals(READY, helper.last().state());
    test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
  }

  @Test
  void changeOfStateIsPublishedOnce() {
    List<LiveBackend> listed = test.list(A, B);
    int before = helper.publications.size();

    test.become(listed.get(0), CONNECTING);
    assertEquals(before + 1, helper.publications.size());
    test.become(listed.get(0), READY);
    assertEquals(before + 2, helper.publications.size());
  }

  @Test
  void batchOfChangesIsPublishedOnce() {
    List<LiveBackend> listed = test.list(endpoints(50));
    int before = helper.publications.size();

    helper.syncContext.execute(() -> listed.forEach(backend -> test.become(backend, READY)));

    assertEquals(before + 1, helper.publications.size());
  }

  @Test
  void changeWhilePublishingIsPublishedAfterwards() {
    List<LiveBackend> listed = test.list(A, B);
    helper.whilePublishing =
        () -> {
          helper.whilePublishing = () -> {};
          test.become(listed.get(1), READY);
        };
    int before = helper.publications.size();

    test.become(listed.get(0), READY);

    assertEquals(before + 2, helper.publications.size());
    assertEquals(2, channel.backends.ready().current().size());
  }

  @Test
  void changeOfStateMakesNoNewPicker() {
    List<LiveBackend> listed = test.list(endpoints(10));
    SubchannelPicker picker = helper.last().picker();

    listed.forEach(backend -> test.become(backend, READY));
    helper.subchannel("10.0.0.3:80").fail("refused");

    helper.publications.forEach(publication -> assertSame(picker, publication.picker()));
  }

  @Test
  void changesCostTheSameWhateverTheNumberOfBackends() {
    assertEquals(callsToConnect(10) * 100, callsToConnect(1000), 100.0 * 10);
  }

  private static int callsToConnect(int count) {
    TestBalancer fresh = new TestBalancer();
    List<LiveBackend> listed = fresh.list(endpoints(count));
    listed.forEach(backend -> fresh.become(backend, CONNECTING));
    listed.forEach(backend -> fresh.become(backend, READY));
    return fresh.helper.calls;
  }

  @Test
  void newListMakesANewPicker() {
    test.ready(A);
    SubchannelPicker before = helper.last().picker();

    test.list(A, B);

    assertNotSame(before, helper.last().picker());
  }

  @Test
  void answerThatChangesNothingTouchesNothing() {
    test.ready(A, B);
    int before = helper.calls;

    test.list(B, A);

    assertEquals(before, helper.calls);
  }

  @Test
  void backendThatStaysKeepsItsConnection() {
    List<LiveBackend> listed = test.ready(A, B);
    FakeSubchannel b = helper.subchannel("10.0.0.2:80");

    test.list(B.withWeight(7), C);

    assertFalse(b.shutdown);
    assertSame(b, helper.subchannel("10.0.0.2:80"));
    test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
  }

  @Test
  void vanishedBackendIsPublishedOutBeforeItsConnectionIsShutDown() {
    test.ready(A, B);
    helper.journal.clear();

    test.list(B);

    assertEquals("publish", helper.journal.get(0));
    assertEquals("shutdown 10.0.0.1:80", helper.journal.get(1));
  }

  @Test
  void vanishedBackendIsNotPickedWhileItIsPublishedOut() {
    List<LiveBackend> listed = test.ready(A, B);
    TestChannel.load(listed.get(1), 100);
    List<Subchannel> picked = new ArrayList<>();
    helper.whilePublishing = () -> picked.add(test.pick(Pick.leastLoaded()).getSubchannel());

    test.list(B);

    assertEquals(Set.of(helper.subchannel("10.0.0.2:80")), new HashSet<>(picked));
  }

  @Test
  void vanishedBackendIsShutDown() {
    LiveBackend a = test.ready(A, B).get(0);

    test.list(B);

    assertEquals(SHUTDOWN, a.state());
    assertWaits(a.pickResult());
    assertTrue(helper.subchannel("10.0.0.1:80").shutdown);
  }

  @Test
  void oldPickerWaitsForTheNewOneWhereItsBackendVanished() {
    test.ready(A, B);
    SubchannelPicker before = helper.last().picker();

    test.list(B);

    assertWaits(before.pickSubchannel(FakePickArgs.of(Pick.address("10.0.0.1:80"))));
  }

  @Test
  void connectionThatWasLetGoOfNoLongerSpeaksForItsBackend() {
    LiveBackend a = test.ready(A, B).get(0);
    FakeSubchannel old = helper.subchannel("10.0.0.1:80");
    test.list(B);

    old.become(IDLE);
    old.fail("reset");

    assertEquals(SHUTDOWN, a.state());
    assertEquals(1, channel.backends.ready().current().size());
    assertFalse(channel.backends.ready().anyOnTheWay());
  }

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
  void failureIsNotReadyFromTheMomentItIsHeard() {
    List<LiveBackend> listed = test.ready(A, B);

    helper.subchannel("10.0.0.1:80").fail("reset");

    for (int i = 0; i < 20; i++) {
      test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
    }
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
  void listThatIsEmptiedLetsGoOfAll() {
    List<LiveBackend> listed = test.ready(A, B);

    test.list();

    listed.forEach(backend -> assertEquals(SHUTDOWN, backend.state()));
    assertEquals(Status.Code.UNAVAILABLE, test.pick(Pick.random()).getStatus().getCode());
  }

  @Test
  void resolutionErrorBeforeTheFirstListFailsCalls() {
    Exception cause = new IllegalStateException("no route");

    resolutionFails(Status.NOT_FOUND.withDescription("no such service").withCause(cause));

    assertEquals(TRANSIENT_FAILURE, helper.last().state());
    PickResult result = test.pick(Pick.leastLoaded());
    assertFails(Status.Code.UNAVAILABLE, "no such service", result);
    assertSame(cause, result.getStatus().getCause());
  }

  @Test
  void resolutionErrorAfterAListIsIgnored() {
    test.ready(A);
    int before = helper.publications.size();

    resolutionFails(Status.UNAVAILABLE);

    assertEquals(before, helper.publications.size());
  }

  @Test
  void resolutionErrorAfterAnEmptyListIsIgnored() {
    test.list();
    int before = helper.publications.size();

    resolutionFails(Status.UNAVAILABLE);

    assertEquals(before, helper.publications.size());
  }

  @Test
  void listAfterAResolutionErrorServes() {
    resolutionFails(Status.UNAVAILABLE);

    LiveBackend a = test.ready(A).get(0);

    test.assertGoesTo(a, test.pick(Pick.leastLoaded()));
  }

  private void resolutionFails(Status error) {
    helper.syncContext.execute(() -> test.balancer.handleNameResolutionError(error));
  }

  @Test
  void publishedStateIsReadyConnectingOrFailing() {
    List<LiveBackend> listed = test.list(A, B);
    assertEquals(CONNECTING, helper.last().state());
    test.become(listed.get(0), READY);
    assertEquals(READY, helper.last().state());
    helper.subchannel("10.0.0.1:80").fail("reset");
    assertEquals(CONNECTING, helper.last().state());
    helper.subchannel("10.0.0.2:80").fail("refused");
    assertEquals(TRANSIENT_FAILURE, helper.last().state());
  }

  @Test
  void drainingBackendIsPickedOnlyWhenNothingElseIsLeft() {
    List<LiveBackend> listed = test.ready(A, B);
    TestChannel.load(listed.get(0), 10);

    test.list(A, draining(B));
    test.assertGoesTo(listed.get(0), test.pick(Pick.leastLoaded()));
    helper.subchannel("10.0.0.1:80").fail("reset");
    test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
  }

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
    resolutionFails(Status.UNAVAILABLE);

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
    Pin pin = new Pin();
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

  @Test
  void tableThatIsBuiltIsPublishedForTheCallsThatWait() {
    List<LiveBackend> listed = test.ready(A, B);
    assertWaits(test.pick(Pick.shard("k")));
    int before = helper.publications.size();

    channel.executor.runAll();

    assertEquals(before + 1, helper.publications.size());
    Subchannel owner = test.pick(Pick.shard("k")).getSubchannel();
    assertTrue(listed.stream().anyMatch(backend -> helper.subchannel(backend.address()) == owner));
  }

  @Test
  void requestForAConnectionReachesAll() {
    test.list(A, B);

    helper.syncContext.execute(test.balancer::requestConnection);

    helper.subchannels.forEach(subchannel -> assertEquals(2, subchannel.connectionRequests));
  }

  @Test
  void changesOfStateAreEvents() {
    List<String> said = new ArrayList<>();
    channel.events.listeners(
        List.of(
            new CallEvents() {
              @Override
              public void onBackendState(BackendStateChanged event) {
                said.add(event.backend().address() + " " + event.from() + " " + event.to());
              }
            }));

    LiveBackend a = test.ready(A).get(0);
    helper.subchannel("10.0.0.1:80").fail("reset");
    test.become(a, CONNECTING);

    assertEquals(List.of("10.0.0.1:80 IDLE READY", "10.0.0.1:80 READY TRANSIENT_FAILURE"), said);
  }

  @Test
  void pickerIsShortInGrpcsTrace() {
    test.ready(endpoints(1000));

    assertEquals("tahini of 1000 backends", helper.last().picker().toString());
  }

  // A plain gRPC channel, where no client brings its state:

  @Test
  void plainChannelBalancesWhatItsResolverLists() {
    acceptPlain(null, A, B);

    helper.subchannels.forEach(subchannel -> subchannel.become(READY));

    Set<Subchannel> picked = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      picked.add(test.pick(Pick.leastLoaded()).getSubchannel());
    }
    assertEquals(Set.copyOf(helper.subchannels), picked);
  }

  @Test
  void plainChannelFollowsItsResolver() {
    acceptPlain(null, A, B);

    acceptPlain(null, B, C);

    assertTrue(helper.subchannel("10.0.0.1:80").shutdown);
    assertFalse(helper.subchannel("10.0.0.2:80").shutdown);
    assertEquals(3, helper.subchannels.size());
  }

  @Test
  void plainChannelNamesItsTargetInErrors() {
    acceptPlain(null);

    assertFails(
        Status.Code.UNAVAILABLE,
        "dns:///greeter.prod: no backends; the last answer listed 0 endpoints",
        test.pick(Pick.leastLoaded()));
  }

  @Test
  void backendOfSeveralAddressesIsConnectedByAllOfThem() {
    EquivalentAddressGroup dualStack =
        new EquivalentAddressGroup(
            List.of(new InetSocketAddress("10.0.0.1", 80), new InetSocketAddress("10.0.0.2", 80)));

    test.accept(ResolvedAddresses.newBuilder().setAddresses(List.of(dualStack)).build());

    assertEquals(1, helper.subchannels.size());
    assertEquals(dualStack, helper.subchannels.get(0).getAddresses());
  }

  @Test
  void backendThatGainsAnAddressIsToldOfIt() {
    InetSocketAddress first = new InetSocketAddress("10.0.0.1", 80);
    InetSocketAddress second = new InetSocketAddress("10.0.0.2", 80);
    EquivalentAddressGroup more = new EquivalentAddressGroup(List.of(first, second));
    test.accept(
        ResolvedAddresses.newBuilder()
            .setAddresses(List.of(new EquivalentAddressGroup(first)))
            .build());

    test.accept(ResolvedAddresses.newBuilder().setAddresses(List.of(more)).build());

    assertEquals(1, helper.subchannels.size());
    assertEquals(more, helper.subchannels.get(0).getAddresses());
    assertFalse(helper.subchannels.get(0).shutdown);
  }

  @Test
  void configSaysWhatACallGetsThatAsksForNothing() {
    acceptPlain(new TahiniConfig(Pick.random(), ShardMaps.standard()), A, B);
    helper.subchannels.forEach(subchannel -> subchannel.become(READY));
    Subchannel busy = helper.subchannel("10.0.0.1:80");
    for (int i = 0; i < 50; i++) {
      test.pick(Pick.address("10.0.0.1:80"))
          .getStreamTracerFactory()
          .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata())
          .streamCreated(Attributes.EMPTY, new Metadata());
    }

    int picked = 0;
    for (int i = 0; i < 100; i++) {
      picked += test.pick(Pick.leastLoaded()).getSubchannel() == busy ? 1 : 0;
    }

    assertTrue(picked > 10, "picked " + picked + " times of 100");
  }

  private void acceptPlain(@Nullable TahiniConfig config, Endpoint... endpoints) {
    test.accept(
        ResolvedAddresses.newBuilder()
            .setAddresses(
                List.of(endpoints).stream()
                    .map(endpoint -> new EquivalentAddressGroup(endpoint.address()))
                    .toList())
            .setLoadBalancingPolicyConfig(config)
            .build());
  }

  private Duration onlyTimer() {
    assertEquals(1, channel.time.timers().size());
    return channel.time.timers().get(0);
  }
}
