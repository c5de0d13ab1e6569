package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.ConnectQueue.MOST_AT_ONCE;
import static dev.tahini.rpc.core.ConnectQueue.MOST_IN_ALL;
import static dev.tahini.rpc.core.TestBalancer.assertWaits;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the policy connects a list that is longer than it connects at once. */
class ConnectQueueTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;
  private final TestChannel channel = test.channel;

  private List<LiveBackend> listMore(int more) {
    return test.list(Endpoints.endpoints(MOST_AT_ONCE + more));
  }

  private long asked() {
    return helper.subchannels.stream().filter(each -> each.connectionRequests > 0).count();
  }

  private int requests(LiveBackend backend) {
    return helper.subchannel(backend.address()).connectionRequests;
  }

  @Test
  void firstOfTheListAreConnectedAndTheOthersWait() {
    List<LiveBackend> listed = listMore(2);

    assertEquals(MOST_AT_ONCE, asked());
    assertEquals(0, requests(listed.get(MOST_AT_ONCE)));
    assertEquals(IDLE, listed.get(MOST_AT_ONCE).state());
  }

  @Test
  void nextIsConnectedWhenOneIsReady() {
    List<LiveBackend> listed = listMore(2);

    test.become(listed.get(0), READY);

    assertEquals(1, requests(listed.get(MOST_AT_ONCE)));
    assertEquals(0, requests(listed.get(MOST_AT_ONCE + 1)));
  }

  @Test
  void nextIsConnectedWhenOneFails() {
    List<LiveBackend> listed = listMore(1);

    helper.subchannel(listed.get(0).address()).failTimes(1);

    assertEquals(1, requests(listed.get(MOST_AT_ONCE)));
  }

  @Test
  void nextIsConnectedBesideOneThatTakesLong() {
    List<LiveBackend> listed = listMore(1);
    test.become(listed.get(0), CONNECTING);

    channel.time.pass(Duration.ofMillis(999));
    assertEquals(0, requests(listed.get(MOST_AT_ONCE)));
    channel.time.pass(Duration.ofMillis(1));

    assertEquals(1, requests(listed.get(MOST_AT_ONCE)));
  }

  @Test
  void deadNetworkHoldsNoMoreConnectsThanTheBound() {
    List<LiveBackend> listed = test.list(Endpoints.endpoints(2 * MOST_IN_ALL));

    connectInVain(listed, 10);

    assertEquals(MOST_IN_ALL, asked());
  }

  private void connectInVain(List<LiveBackend> listed, int seconds) {
    for (int second = 0; second < seconds; second++) {
      listed.stream()
          .filter(backend -> requests(backend) > 0 && backend.state() == IDLE)
          .forEach(backend -> test.become(backend, CONNECTING));
      channel.time.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void backendBehindADeadNetworkIsConnectedOnceItsConnectsHaveTimedOut() {
    List<LiveBackend> listed = test.list(Endpoints.endpoints(MOST_IN_ALL + 1));
    LiveBackend last = listed.get(MOST_IN_ALL);

    connectInVain(listed, 19);
    assertEquals(0, requests(last));
    connectInVain(listed, 1);

    assertEquals(1, requests(last));
  }

  @Test
  void nextIsConnectedWhenOneLeavesTheList() {
    List<LiveBackend> listed = listMore(1);

    test.list(Endpoints.endpoints(MOST_AT_ONCE + 1).subList(1, MOST_AT_ONCE + 1));

    assertEquals(1, requests(listed.get(MOST_AT_ONCE)));
  }

  @Test
  void queuedBackendThatLeavesTheListIsNeverConnected() {
    List<LiveBackend> listed = listMore(1);

    test.list(Endpoints.endpoints(1));

    assertEquals(0, requests(listed.get(MOST_AT_ONCE)));
  }

  @Test
  void callWaitsWhileSomeBackendsAreQueuedThoughTheOthersFail() {
    List<LiveBackend> listed = listMore(1);

    listed
        .subList(0, MOST_AT_ONCE)
        .forEach(backend -> helper.subchannel(backend.address()).fail("refused"));

    assertWaits(test.pick(Pick.leastLoaded()));
  }

  @Test
  void callThatNamesAQueuedBackendMakesGrpcConnectIt() {
    LiveBackend queued = listMore(1).get(MOST_AT_ONCE);

    test.assertGoesTo(queued, test.pick(Pick.address(queued.address())));
  }

  @Test
  void backendThatGrpcConnectsOutOfTurnIsNotConnectedAgainInItsTurn() {
    List<LiveBackend> listed = listMore(2);
    LiveBackend early = listed.get(MOST_AT_ONCE);
    test.become(early, CONNECTING);
    test.become(early, READY);

    test.become(listed.get(0), READY);

    assertEquals(0, requests(early));
    assertEquals(1, requests(listed.get(MOST_AT_ONCE + 1)));
  }

  @Test
  void lostConnectionsAreMadeAgainSoManyAtATime() {
    List<LiveBackend> listed = test.ready(Endpoints.endpoints(MOST_AT_ONCE + 10));
    channel.time.pass(Duration.ofSeconds(1));
    long before = helper.subchannels.stream().mapToLong(each -> each.connectionRequests).sum();

    listed.forEach(backend -> test.become(backend, IDLE));

    long after = helper.subchannels.stream().mapToLong(each -> each.connectionRequests).sum();
    assertEquals(MOST_AT_ONCE, after - before);
  }

  @Test
  void closedBalancerConnectsNoMore() {
    List<LiveBackend> listed = listMore(1);

    test.shutdown();

    assertEquals(0, requests(listed.get(MOST_AT_ONCE)));
    assertFalse(helper.subchannels.isEmpty());
  }
}
