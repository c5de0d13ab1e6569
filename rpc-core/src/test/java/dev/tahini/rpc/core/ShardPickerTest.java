package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a map in which the key "1" is owned by 1, then by 2, 3 and so on. */
class ShardPickerTest {
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
  void ownerIsPicked() {
    assertSame(listed.get(1), pick(Pick.shard("1")));
    assertSame(listed.get(3), pick(Pick.shard("3")));
  }

  @Test
  void ownersLoadDoesNotMatter() {
    TestChannel.load(listed.get(1), 1_000);

    assertSame(listed.get(1), pick(Pick.shard("1")));
  }

  @ParameterizedTest
  @EnumSource(
      value = ConnectivityState.class,
      names = {"IDLE", "CONNECTING"})
  void ownerThatIsBeingConnectedIsWaitedFor(ConnectivityState state) {
    channel.become(listed.get(1), state);

    assertSame(listed.get(1), pick(Pick.shard("1")));
    assertSame(listed.get(1), pick(Pick.shard("1").strict()));
  }

  @Test
  void nextOwnerServesWhileTheOwnerFails() {
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    assertSame(listed.get(2), pick(Pick.shard("1")));

    channel.become(listed.get(2), TRANSIENT_FAILURE);
    assertSame(listed.get(3), pick(Pick.shard("1")));
  }

  @Test
  void ownerThatIsReadyAgainGetsItsKeysBack() {
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    channel.become(listed.get(1), READY);

    assertSame(listed.get(1), pick(Pick.shard("1")));
  }

  @Test
  void nextOwnerThatIsBeingConnectedIsWaitedFor() {
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    channel.become(listed.get(2), CONNECTING);

    assertSame(listed.get(2), pick(Pick.shard("1")));
  }

  @Test
  void strictPickStaysWithItsOwner() {
    channel.become(listed.get(1), TRANSIENT_FAILURE);

    assertSame(listed.get(1), pick(Pick.shard("1").strict()));
  }

  @Test
  void noneIsPickedWhileAllFail() {
    listed.forEach(backend -> channel.become(backend, TRANSIENT_FAILURE));
    Pick pick = Pick.shard("1");

    assertNull(pick(pick));
    assertNull(channel.whyNone(pick));
  }

  @Test
  void drainingOwnerKeepsItsKeys() {
    channel.list(Endpoints.A, draining(Endpoints.B), Endpoints.C, Endpoints.D);

    assertSame(listed.get(1), pick(Pick.shard("1")));
  }

  @Test
  void ownerThatWasTriedIsPassedOver() {
    assertSame(listed.get(2), channel.pick(Pick.shard("1"), TestChannel.tried(listed.get(1))));
    assertSame(
        listed.get(3),
        channel.pick(Pick.shard("1"), TestChannel.tried(listed.get(1), listed.get(2))));
  }

  @Test
  void otherBackendThatWasTriedDoesNotMatter() {
    assertSame(listed.get(1), channel.pick(Pick.shard("1"), TestChannel.tried(listed.get(2))));
  }

  @Test
  void ownerServesWhereAllWereTried() {
    Backend[] all = listed.toArray(new Backend[0]);

    assertSame(listed.get(1), channel.pick(Pick.shard("1"), TestChannel.tried(all)));
  }

  @Test
  void strictPickStaysWithItsOwnerThoughItWasTried() {
    assertSame(
        listed.get(1), channel.pick(Pick.shard("1").strict(), TestChannel.tried(listed.get(1))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ownerThatIsNoLongerListedIsPassedOver(boolean strict) {
    listed.get(1).delist();

    assertSame(listed.get(2), pick(strict ? Pick.shard("1").strict() : Pick.shard("1")));
  }

  @Test
  void firstPickWaitsForTheTable() {
    TestChannel fresh = new TestChannel(new FakeShardMap());
    List<LiveBackend> backends = fresh.connected(Endpoints.endpoints(2));
    Pick pick = Pick.shard("1");

    assertNull(fresh.pick(pick));
    Status why = fresh.whyNone(pick);
    assertSame(Status.OK, why);

    fresh.executor.runAll();
    assertSame(backends.get(1), fresh.pick(pick));
  }

  @Test
  void ownersThatAreIdleAreOnTheWay() {
    listed.forEach(backend -> channel.become(backend, IDLE));

    assertEquals(listed.get(2), pick(Pick.shard("2")));
  }

  private @Nullable Backend pick(Pick pick) {
    return channel.pick(pick);
  }
}
