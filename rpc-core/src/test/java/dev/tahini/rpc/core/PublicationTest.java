package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.endpoints;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Pick;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the policy publishes to gRPC, and when. */
class PublicationTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

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
  void failureIsNotReadyFromTheMomentItIsHeard() {
    List<LiveBackend> listed = test.ready(A, B);

    helper.subchannel("10.0.0.1:80").fail("reset");

    for (int i = 0; i < 20; i++) {
      test.assertGoesTo(listed.get(1), test.pick(Pick.leastLoaded()));
    }
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
  void whoHearsThatABackendIsReadyMayCallItAtOnce() {
    LiveBackend a = test.list(A).get(0);
    helper.subchannel("10.0.0.1:80").fail("refused");
    List<PickResult> picked = new ArrayList<>();
    channel.events.listeners(
        List.of(
            new CallEvents() {
              @Override
              public void onBackendState(BackendStateChanged event) {
                picked.add(test.pick(Pick.leastLoaded()));
              }
            }));

    test.become(a, READY);

    assertEquals(1, picked.size());
    test.assertGoesTo(a, picked.get(0));
  }

  @Test
  void pickerIsShortInGrpcsTrace() {
    test.ready(endpoints(1000));

    assertEquals("tahini of 1000 backends", helper.last().picker().toString());
  }
}
