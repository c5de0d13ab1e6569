package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ShardTablesTest {
  private final FakeShardMap map = new FakeShardMap();
  private final TestChannel channel = new TestChannel(map);
  private final ShardTables tables = channel.shards;
  private int told;

  @Test
  void noTableIsBuiltBeforeAKeyIsAskedFor() {
    channel.list(A, B);
    channel.list(A, B, C);

    assertEquals(0, channel.executor.waiting());
    assertEquals(List.of(), map.built);
  }

  @Test
  void tableIsBuiltOnceAsked() {
    List<LiveBackend> listed = channel.list(A, B);

    assertNull(tables.current());
    channel.executor.runAll();

    assertEquals(listed, requireNonNull(tables.current()).backends());
    assertEquals(List.of(List.of(A, B)), map.built);
  }

  @Test
  void manyPicksBuildOneTable() {
    channel.list(A, B);

    for (int i = 0; i < 10; i++) {
      tables.current();
    }
    assertEquals(1, channel.executor.waiting());
    channel.executor.runAll();

    assertEquals(1, map.built.size());
  }

  @Test
  void whoWaitsIsToldWhenTheTableIsThere() {
    tables.onBuilt(() -> told++);
    channel.list(A, B);
    tables.current();
    assertEquals(0, told);

    channel.executor.runAll();

    assertEquals(1, told);
  }

  @Test
  void newTableIsBuiltForANewListOnceKeysAreInUse() {
    built(A, B);

    channel.list(A, B, C);
    assertEquals(1, channel.executor.waiting());
    channel.executor.runAll();

    assertEquals(3, requireNonNull(tables.current()).backends().size());
  }

  @Test
  void oldTableServesUntilTheNewOneIsDone() {
    List<LiveBackend> before = built(A, B);

    channel.list(A, B, C);

    assertEquals(before, requireNonNull(tables.current()).backends());
  }

  @Test
  void newTableIsMadeOutOfTheLastGoodOne() {
    built(A);
    assertEquals(List.of(), map.rebuilt);
    ShardMap.Table first = requireNonNull(tables.current()).table();

    built(A, B);
    assertEquals(List.of(first), map.rebuilt);

    map.toThrow = new IllegalStateException("bad weights");
    built(A, B, C);
    map.toThrow = null;
    ShardMap.Table second = requireNonNull(tables.current()).table();
    built(B, C);
    assertEquals(List.of(first, second, second), map.rebuilt);
  }

  @Test
  void listThatChangesDuringABuildIsBuiltNext() {
    channel.list(A);
    tables.current();
    map.whileBuilding =
        () -> {
          map.whileBuilding = () -> {};
          channel.list(A, B);
        };

    channel.executor.runAll();

    assertEquals(List.of(List.of(A), List.of(A, B)), map.built);
    assertEquals(2, requireNonNull(tables.current()).backends().size());
  }

  @Test
  void ofManyListsBeforeTheBuildOnlyTheNewestIsBuilt() {
    built(A);

    channel.list(A, B);
    channel.list(B, C);
    channel.list(C);
    channel.executor.runAll();

    assertEquals(List.of(List.of(A), List.of(C)), map.built);
  }

  @Test
  void keyAskedForBeforeTheFirstListIsServedAfterIt() {
    assertNull(tables.current());
    assertEquals(0, channel.executor.waiting());

    List<LiveBackend> listed = channel.list(A, B);
    channel.executor.runAll();

    assertEquals(listed, requireNonNull(tables.current()).backends());
  }

  @Test
  void emptyListIsNotBuilt() {
    built(A);

    channel.list();
    channel.executor.runAll();

    assertEquals(1, map.built.size());
  }

  @Test
  void listAfterAnEmptyOneIsBuilt() {
    built(A);
    channel.list();

    List<LiveBackend> listed = channel.list(B);
    channel.executor.runAll();

    assertEquals(listed, requireNonNull(tables.current()).backends());
  }

  @Test
  void listThatIsEmptiedDuringABuildIsBuiltWhenItComesBack() {
    channel.list(A);
    tables.current();
    map.whileBuilding = () -> channel.list();
    channel.executor.runAll();
    map.whileBuilding = () -> {};

    List<LiveBackend> listed = channel.list(B);
    tables.current();
    channel.executor.runAll();

    assertEquals(listed, requireNonNull(tables.current()).backends());
  }

  @Test
  void mapThatThrowsFailsThePicksThatNeedIt() {
    map.toThrow = new IllegalStateException("bad weights");
    built(A);

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> channel.pick(Pick.shard("1")));

    assertEquals(
        "its shard map failed: java.lang.IllegalStateException: bad weights", e.getMessage());
    assertSame(map.toThrow, e.getCause());
  }

  @Test
  void mapThatThrowsAnErrorFailsThePicksThatNeedIt() {
    map.toThrow = new StackOverflowError();
    built(A);

    assertThrows(IllegalStateException.class, () -> channel.pick(Pick.shard("1")));
  }

  @Test
  void whoWaitsIsToldThatTheMapThrew() {
    map.toThrow = new IllegalStateException("bad weights");
    tables.onBuilt(() -> told++);

    built(A);

    assertEquals(1, told);
  }

  @Test
  void mapThatThrewIsAskedAgainForTheNextList() {
    map.toThrow = new IllegalStateException("bad weights");
    built(A);
    map.toThrow = null;

    List<LiveBackend> listed = channel.list(A, B);
    channel.executor.runAll();

    assertSame(listed.get(1), channel.pick(Pick.shard("1")));
  }

  @Test
  void callFailsWhereTheMapThrewAndNobodyOfItsLastTableIsLeft() {
    built(A);
    map.toThrow = new IllegalStateException("bad weights");

    channel.connected(List.of(B, C));
    channel.executor.runAll();

    assertThrows(IllegalStateException.class, () -> channel.pick(Pick.shard("1")));
  }

  @Test
  void callFailsWhereTheMapThrewAndNobodyOfItsLastTableCanBeConnected() {
    built(A);
    map.toThrow = new IllegalStateException("bad weights");

    List<LiveBackend> listed = channel.connected(List.of(A, B));
    channel.become(listed.get(0), ConnectivityState.TRANSIENT_FAILURE);
    channel.executor.runAll();

    assertNull(channel.pick(Pick.shard("1")));
    Status why = requireNonNull(channel.whyNone(Pick.shard("1")));
    assertEquals(Status.Code.UNAVAILABLE, why.getCode());
    assertSame(map.toThrow, why.getCause());
  }

  @Test
  void tableThatCannotBeChangedIsBuiltAnew() {
    built(A);
    map.toThrowOnRebuild = new IllegalStateException("lost");

    List<LiveBackend> listed = built(A, B);

    assertEquals(listed, requireNonNull(tables.current()).backends());
  }

  @Test
  void whatIsToldOfAListThatCouldNotBeBuiltIsWhatCallsDo() {
    List<LiveBackend> before = built(A, B);
    map.toThrow = new IllegalStateException("bad weights");

    List<LiveBackend> listed = built(A, B, C);

    assertEquals(before, tables.of(listed).backends());
    assertSame(before.get(1), channel.pick(Pick.shard("1")));
  }

  @Test
  void tableOfTheNewestListIsNotBuiltTwice() {
    List<LiveBackend> listed = built(A, B);

    assertSame(tables.current(), tables.of(listed));
    assertEquals(1, map.built.size());
  }

  @Test
  void tableOfAnotherListIsBuiltAtOnce() {
    built(A, B);
    List<LiveBackend> listed = channel.list(C);

    assertEquals(listed, tables.of(listed).backends());
    assertEquals(2, requireNonNull(tables.current()).backends().size());
  }

  @Test
  void buildThatTheExecutorRefusedIsTriedAgainForTheNextList() {
    channel.list(A);
    refuseOnce();

    List<LiveBackend> listed = channel.list(A, B);
    channel.executor.runAll();

    assertEquals(listed, requireNonNull(tables.current()).backends());
  }

  @Test
  void picksFailRatherThanWaitForABuildThatTheExecutorRefused() {
    channel.list(A);
    tables.onBuilt(() -> told++);

    refuseOnce();

    assertEquals(1, told);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> channel.pick(Pick.shard("1")));
    assertInstanceOf(RejectedExecutionException.class, e.getCause());
  }

  @Test
  void tableThatWasLookedAtIsNotBuiltTwice() {
    List<LiveBackend> listed = channel.list(A);

    assertSame(tables.of(listed), tables.of(listed));
    assertNull(tables.current());
  }

  @Test
  void listIsTakenInThoughTheExecutorRefusesToBuildItsTable() {
    built(A);
    channel.executor.refuses = true;

    assertEquals(2, channel.list(A, B).size());
  }

  private void refuseOnce() {
    channel.executor.refuses = true;
    tables.current();
    channel.executor.refuses = false;
  }

  private List<LiveBackend> built(Endpoint... endpoints) {
    List<LiveBackend> listed = channel.list(endpoints);
    tables.current();
    channel.executor.runAll();
    return listed;
  }
}
