package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the policy does with the backends that a list brings, keeps and takes away. */
class ListedBackendsTest {
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
  void backendThatStaysKeepsItsConnection() {
    List<LiveBackend> listed = test.ready(A, B);
    FakeSubchannel b = helper.subchannel("10.0.0.2:80");

    test.list(B.withWeight(7), C);

    assertFalse(b.shutdown);
    assertSame(b, helper.subchannel("10.0.0.2:80"));
    test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
  }

  @Test
  void answerThatChangesNothingTouchesNothing() {
    test.ready(A, B);
    int before = helper.calls;

    test.list(B, A);

    assertEquals(before, helper.calls);
  }

  @Test
  void newListMakesANewPicker() {
    test.ready(A);
    SubchannelPicker before = helper.last().picker();

    test.list(A, B);

    assertNotSame(before, helper.last().picker());
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
  void vanishedBackendsAreShutDownInTheOrderOfTheList() {
    List<Endpoint> listed = Endpoints.endpoints(100);
    test.ready(listed);
    helper.journal.clear();

    test.list(Endpoints.endpoint(101));

    assertEquals(
        listed.stream().map(endpoint -> "shutdown " + endpoint.addressText()).toList(),
        helper.journal.stream().filter(entry -> entry.startsWith("shutdown")).toList());
  }

  @Test
  void closedChannelDoesNotWaitForBackendsThatVanishedLately() {
    test.ready(A, B, C);
    test.list(B, C);
    channel.time.pass(Duration.ofSeconds(6)); // gRPC has ended the first by now
    test.list(C);
    helper.journal.clear();

    test.shutdown();

    assertEquals(
        List.of("shutdown 10.0.0.3:80", "shutdown 10.0.0.2:80", "shutdown 10.0.0.3:80"),
        helper.journal);
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
  void listThatIsEmptiedLetsGoOfAll() {
    List<LiveBackend> listed = test.ready(A, B);

    test.list();

    listed.forEach(backend -> assertEquals(SHUTDOWN, backend.state()));
    assertEquals(Status.Code.UNAVAILABLE, test.pick(Pick.random()).getStatus().getCode());
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

  /** Discovery's thread takes a list in while gRPC's tells of connections. */
  @Test
  void callIsNotFailedByAConnectionThatChangesWhileItsBackendLeaves() {
    WhileListing meanwhile = new WhileListing();
    TestBalancer listing = new TestBalancer(new TestChannel(meanwhile));
    LiveBackend a = listing.list(A).get(0);
    List<PickResult> picked = new ArrayList<>();
    meanwhile.task =
        () -> {
          listing.become(a, READY);
          picked.add(listing.pick(Pick.leastLoaded()));
        };

    listing.channel.list(B);

    assertEquals(1, picked.size());
    assertTrue(picked.get(0).getStatus().isOk(), picked::toString);
  }

  /** Runs in the middle of each new list, where the users' pickers are made. */
  private static final class WhileListing implements Picker.Factory {
    private Runnable task = () -> {};

    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      task.run();
      return request -> null;
    }
  }
}
