package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Replicas and bounds, with a map in which the key "1" is owned by 1, then by 2, 3 and so on; 0 is
 * the last of four.
 */
class ShardWalkTest {
  private final FakeShardMap map = new FakeShardMap();
  private final TestChannel channel = new TestChannel(map);
  private List<LiveBackend> listed = List.of();

  @BeforeEach
  void connectFour() {
    listed = channel.connected(Endpoints.endpoints(4));
    channel.shards.current();
    channel.executor.runAll();
  }

  @Test
  void replicasShareAKeysCallsByTheirLoad() {
    Pick pick = Pick.shard("1").replicas(3);
    TestChannel.load(listed.get(1), 2);
    TestChannel.load(listed.get(2), 1);
    TestChannel.load(listed.get(3), 2);

    assertSame(listed.get(2), pick(pick));
    TestChannel.load(listed.get(2), 2);
    assertSame(listed.get(1), pick(pick));
  }

  @Test
  void ofEquallyLoadedReplicasTheFirstOwnerIsPicked() {
    assertSame(listed.get(1), pick(Pick.shard("1").replicas(4)));
  }

  @Test
  void otherBackendsAreNoReplicas() {
    TestChannel.load(listed.get(1), 5);
    TestChannel.load(listed.get(2), 5);

    assertSame(listed.get(1), pick(Pick.shard("1").replicas(2)));
  }

  @Test
  void replicasLoadCountsByTheirWeights() {
    listed = channel.list(Endpoints.A, Endpoints.B, Endpoints.C.withWeight(4), Endpoints.D);
    channel.executor.runAll();
    TestChannel.load(listed.get(1), 1);
    TestChannel.load(listed.get(2), 4);

    assertSame(listed.get(2), pick(Pick.shard("1").replicas(2)));
  }

  @Test
  void nextOwnerStandsInForAReplicaThatFails() {
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    TestChannel.load(listed.get(2), 1);

    assertSame(listed.get(3), pick(Pick.shard("1").replicas(2)));
  }

  @Test
  void replicaThatIsNotConnectedYetIsPassedOver() {
    channel.become(listed.get(1), CONNECTING);
    TestChannel.load(listed.get(2), 9);

    assertSame(listed.get(2), pick(Pick.shard("1").replicas(2)));
  }

  @Test
  void firstOwnerIsWaitedForWhereNoReplicaIsReady() {
    listed.forEach(backend -> channel.become(backend, IDLE));

    assertSame(listed.get(1), pick(Pick.shard("1").replicas(2)));
  }

  @Test
  void moreReplicasThanBackendsAreAllOfThem() {
    listed.forEach(backend -> TestChannel.load(backend, backend == listed.get(0) ? 1 : 2));

    assertSame(listed.get(0), pick(Pick.shard("1").replicas(1_000_000)));
  }

  @Test
  void replicaThatWasTriedIsPassedOver() {
    Pick pick = Pick.shard("1").replicas(2);
    TestChannel.load(listed.get(2), 1);
    TestChannel.load(listed.get(3), 2);
    TestChannel.load(listed.get(0), 3);

    assertSame(listed.get(2), channel.pick(pick, TestChannel.tried(listed.get(1))));
    assertSame(listed.get(3), channel.pick(pick, TestChannel.tried(listed.get(1), listed.get(2))));
  }

  @Test
  void replicasServeWhereAllWereTried() {
    Backend[] all = listed.toArray(new Backend[0]);

    assertSame(listed.get(1), channel.pick(Pick.shard("1").replicas(2), TestChannel.tried(all)));
  }

  @Test
  void strictReplicasAreTheFirstOwnersOnly() {
    Pick pick = Pick.shard("1").replicas(2).strict();
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    TestChannel.load(listed.get(2), 9);
    assertSame(listed.get(2), pick(pick));

    channel.become(listed.get(2), CONNECTING);
    assertSame(listed.get(2), pick(pick));

    channel.become(listed.get(2), TRANSIENT_FAILURE);
    assertSame(listed.get(1), pick(pick));
  }

  @Test
  void strictReplicaThatIsNoLongerListedIsReplaced() {
    listed.get(1).delist();
    TestChannel.load(listed.get(2), 1);

    assertSame(listed.get(3), pick(Pick.shard("1").replicas(2).strict()));
  }

  @Test
  void noReplicaIsPickedWhileAllFail() {
    listed.forEach(backend -> channel.become(backend, TRANSIENT_FAILURE));

    assertNull(pick(Pick.shard("1").replicas(2)));
    assertNull(pick(Pick.shard("1").bounded(2)));
  }

  @Test
  void ownerWithinTheBoundIsPicked() {
    TestChannel.load(listed.get(1), 3);
    TestChannel.load(listed.get(0), 4);

    // ceil(1.25 * (7 + 1) / 4) is 3: no more than 3 each.
    assertSame(listed.get(2), pick(Pick.shard("1").bounded(1.25)));
    assertSame(listed.get(1), pick(Pick.shard("1").bounded(2)));
  }

  @Test
  void whatTheOwnerCannotTakeGoesAlongTheKeysOwnOrder() {
    Pick pick = Pick.shard("1").bounded(1);
    TestChannel.load(listed.get(1), 1);
    assertSame(listed.get(2), pick(pick));

    TestChannel.load(listed.get(2), 1);
    assertSame(listed.get(3), pick(pick));
  }

  @Test
  void boundIsByWeight() {
    listed = channel.list(Endpoints.A, Endpoints.B.withWeight(5), Endpoints.C, Endpoints.D);
    channel.executor.runAll();
    Pick pick = Pick.shard("1").bounded(1);
    TestChannel.load(listed.get(1), 1);
    assertSame(listed.get(1), pick(pick));

    TestChannel.load(listed.get(1), 1);
    assertSame(listed.get(2), pick(pick));
  }

  @Test
  void backendsThatAreNotReadyHaveNoPartInTheAverage() {
    channel.become(listed.get(0), TRANSIENT_FAILURE);
    channel.become(listed.get(3), CONNECTING);
    TestChannel.load(listed.get(0), 100);
    TestChannel.load(listed.get(1), 1);

    assertSame(listed.get(2), pick(Pick.shard("1").bounded(1)));
  }

  @Test
  void overflowPassesOverBackendsThatAreNotReady() {
    channel.become(listed.get(2), CONNECTING);
    TestChannel.load(listed.get(1), 1);

    assertSame(listed.get(3), pick(Pick.shard("1").bounded(1)));
  }

  @Test
  void boundedOwnerThatIsBeingConnectedIsWaitedFor() {
    channel.become(listed.get(1), CONNECTING);

    assertSame(listed.get(1), pick(Pick.shard("1").bounded(1)));
  }

  @Test
  void replicasOverflowTogether() {
    Pick pick = Pick.shard("1").replicas(2).bounded(1);
    TestChannel.load(listed.get(1), 1);
    assertSame(listed.get(2), pick(pick));

    TestChannel.load(listed.get(2), 1);
    assertSame(listed.get(3), pick(pick));
  }

  @Test
  void triedBackendsServeRatherThanOneAboveTheBound() {
    Pick pick = Pick.shard("1").bounded(1);
    TestChannel.load(listed.get(1), 10);
    TestChannel.load(listed.get(2), 10);
    TestChannel.load(listed.get(3), 10);
    Backend[] all = listed.toArray(new Backend[0]);

    assertSame(listed.get(0), channel.pick(pick, TestChannel.tried(listed.get(0))));
    assertSame(listed.get(0), channel.pick(pick, TestChannel.tried(all)));
  }

  @Test
  void whereAllWereTriedTheReplicaThatIsReadyServes() {
    channel.become(listed.get(1), CONNECTING);
    Backend[] all = listed.toArray(new Backend[0]);

    assertSame(listed.get(2), channel.pick(Pick.shard("1").replicas(3), TestChannel.tried(all)));
  }

  @Test
  void moreReplicasThanAFewSkipThoseThatFail() {
    listed = channel.connected(Endpoints.endpoints(8));
    channel.executor.runAll();
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    channel.become(listed.get(7), TRANSIENT_FAILURE);
    listed.subList(2, 7).forEach(backend -> TestChannel.load(backend, 1));

    assertSame(listed.get(2), pick(Pick.shard("1").replicas(5)));
    assertSame(listed.get(0), pick(Pick.shard("1").replicas(6)));
  }

  private @Nullable Backend pick(Pick pick) {
    return channel.pick(pick);
  }
}
