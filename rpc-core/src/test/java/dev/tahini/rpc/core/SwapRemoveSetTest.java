package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.core.shard.Endpoints;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SwapRemoveSetTest {
  private static final int UNIVERSE = 20;

  private final List<LiveBackend> all = new TestChannel().list(Endpoints.endpoints(UNIVERSE));
  private final SwapRemoveSet set = new SwapRemoveSet();

  @Test
  void lastOneTakesThePlaceOfTheOneThatLeaves() {
    all.subList(0, 4).forEach(set::add);

    set.remove(all.get(1));

    assertEquals(3, set.size());
    assertSame(all.get(0), set.get(0));
    assertSame(all.get(3), set.get(1));
    assertSame(all.get(2), set.get(2));
    assertNull(set.get(3));
  }

  @Test
  void secondAddOfOneBackendIsRefused() {
    assertTrue(set.add(all.get(0)));
    assertFalse(set.add(all.get(0)));

    assertEquals(1, set.size());
  }

  @Test
  void secondRemoveOfOneBackendIsRefused() {
    set.add(all.get(0));
    set.add(all.get(1));

    assertTrue(set.remove(all.get(0)));
    assertFalse(set.remove(all.get(0)));

    assertEquals(1, set.size());
    assertSame(all.get(1), set.get(0));
  }

  @Test
  void indexBeyondEverythingIsFree() {
    assertNull(set.get(1_000_000));
  }

  /** Positive numbers add the backend of that number, negative ones remove it. */
  @Property(tries = 500)
  void holdsWhatASetHolds(@ForAll("changes") List<Integer> changes) {
    SwapRemoveSet set = new SwapRemoveSet();
    Set<LiveBackend> reference = new HashSet<>();
    for (int change : changes) {
      LiveBackend backend = all.get(Math.abs(change) - 1);
      if (change > 0) {
        assertEquals(reference.add(backend), set.add(backend));
      } else {
        assertEquals(reference.remove(backend), set.remove(backend));
      }
      assertEquals(reference, members(set));
    }
  }

  @Provide
  Arbitrary<List<Integer>> changes() {
    return Arbitraries.integers()
        .between(-UNIVERSE, UNIVERSE)
        .filter(change -> change != 0)
        .list()
        .ofMaxSize(60);
  }

  private static Set<LiveBackend> members(SwapRemoveSet set) {
    Set<LiveBackend> members = new HashSet<>();
    for (int i = 0; i < set.size(); i++) {
      LiveBackend member = set.get(i);
      assertTrue(member != null, "a hole at " + i);
      assertTrue(members.add(member), "twice in the set");
    }
    for (int i = set.size(); i < UNIVERSE + 2; i++) {
      assertNull(set.get(i), "left over");
    }
    return members;
  }

  @Test
  void readerSeesABackendOrNoneWhileOthersChangeTheSet() throws Exception {
    set.add(all.get(0));
    CompletableFuture<Void> changes = CompletableFuture.runAsync(this::changeOften);

    long seen = 0;
    do {
      int size = set.size();
      for (int i = 0; i < size + 1; i++) {
        LiveBackend backend = set.get(i);
        assertTrue(backend == null || all.contains(backend));
        seen += backend == null ? 0 : 1;
      }
    } while (!changes.isDone());

    changes.get(10, TimeUnit.SECONDS);
    assertTrue(seen > 0);
    assertEquals(Set.of(all.get(0)), members(set));
  }

  private void changeOften() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      LiveBackend backend = all.get(1 + random.nextInt(UNIVERSE - 1));
      if (!set.remove(backend)) {
        set.add(backend);
      }
    }
    all.subList(1, UNIVERSE).forEach(set::remove);
  }
}
