package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** Laws of any endpoints, weights, keys and changes. One block of slots has them all. */
class SlotTableTest {
  private final StandardShardMap map = new StandardShardMap(1);
  private final Map<Step, Endpoint> known = new HashMap<>();

  /** An endpoint that joins, leaves, or has another weight from now on. */
  record Step(int number, int weight) {
    static final int LEAVES = 0;
  }

  @Property(tries = 200)
  void orderOfTheListDoesNotMatter(
      @ForAll("fleets") Map<Integer, Integer> fleet, @ForAll Random random) {
    List<Endpoint> endpoints = listed(fleet);
    List<Endpoint> shuffled = new ArrayList<>(endpoints);
    Collections.shuffle(shuffled, random);

    assertArrayEquals(
        addresses(map.build(endpoints), endpoints), addresses(map.build(shuffled), shuffled));
  }

  @Property(tries = 100)
  void slotsMoveToOrFromTheOneThatChangesOnly(
      @ForAll("fleets") Map<Integer, Integer> start,
      @ForAll("steps") @Size(min = 1, max = 8) List<Step> steps) {
    Map<Integer, Integer> fleet = new TreeMap<>(start);
    List<Endpoint> endpoints = listed(fleet);
    String[] owners = addresses(map.build(endpoints), endpoints);
    for (Step step : steps) {
      int before = weight(fleet, step.number());
      change(fleet, step);
      endpoints = listed(fleet);
      String[] now = addresses(map.build(endpoints), endpoints);
      assertMovesOf(
          Endpoints.endpoint(step.number()).addressText(),
          Integer.compare(weight(fleet, step.number()), before),
          owners,
          now);
      owners = now;
    }
  }

  private static void assertMovesOf(String changed, int growth, String[] before, String[] now) {
    for (int slot = 0; slot < now.length; slot++) {
      if (!now[slot].equals(before[slot])) {
        assertEquals(changed, growth > 0 ? now[slot] : before[slot]);
      }
    }
  }

  @Property(tries = 100)
  void rebuiltTableIsTheOneThatWouldBeBuilt(
      @ForAll("fleets") Map<Integer, Integer> start,
      @ForAll("steps") @Size(min = 1, max = 20) List<Step> steps,
      @ForAll Random random) {
    Map<Integer, Integer> fleet = new TreeMap<>(start);
    SlotTable table = (SlotTable) map.build(listed(fleet));
    for (Step step : steps) {
      change(fleet, step);
      List<Endpoint> endpoints = new ArrayList<>(listed(fleet));
      if (random.nextInt(4) == 0) {
        Collections.shuffle(endpoints, random);
      }

      table = (SlotTable) map.rebuild(table, endpoints);

      assertArrayEquals(((SlotTable) map.build(endpoints)).owners(), table.owners());
    }
  }

  @Property(tries = 100)
  void keyGoesToTheNextInItsOrderWhenItsOwnersLeave(
      @ForAll("fleets") Map<Integer, Integer> fleet, @ForAll long hash) {
    List<Endpoint> endpoints = new ArrayList<>(listed(fleet));
    ShardMap.Table table = map.build(endpoints);
    int[] order = new int[endpoints.size()];
    assertEquals(order.length, table.owners(hash, order));
    List<Endpoint> inOrder = IntStream.of(order).mapToObj(endpoints::get).toList();

    for (Endpoint owner : inOrder) {
      assertEquals(owner, endpoints.get(map.build(endpoints).owner(hash)));
      endpoints.remove(owner);
      if (endpoints.isEmpty()) {
        return;
      }
    }
  }

  private static int weight(Map<Integer, Integer> fleet, int number) {
    return fleet.getOrDefault(number, Step.LEAVES);
  }

  /** The last one does not leave. */
  private static void change(Map<Integer, Integer> fleet, Step step) {
    if (step.weight() != Step.LEAVES) {
      fleet.put(step.number(), step.weight());
    } else if (fleet.size() > 1) {
      fleet.remove(step.number());
    }
  }

  /** As in a client, an endpoint that stays is the same object. */
  private List<Endpoint> listed(Map<Integer, Integer> fleet) {
    return fleet.entrySet().stream()
        .map(
            e ->
                known.computeIfAbsent(
                    new Step(e.getKey(), e.getValue()),
                    key -> Endpoints.endpoint(key.number()).withWeight(key.weight())))
        .toList();
  }

  private static String[] addresses(ShardMap.Table table, List<Endpoint> endpoints) {
    char[] owners = ((SlotTable) table).owners();
    return IntStream.range(0, owners.length)
        .mapToObj(slot -> endpoints.get(owners[slot]).addressText())
        .toArray(String[]::new);
  }

  /** Weights by the numbers of endpoints. */
  @Provide
  Arbitrary<Map<Integer, Integer>> fleets() {
    return Arbitraries.maps(numbers(), weights()).ofMinSize(1).ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> next =
        Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(Step.LEAVES)), Tuple.of(2, weights()));
    return Combinators.combine(numbers(), next).as(Step::new).list();
  }

  private static Arbitrary<Integer> numbers() {
    return Arbitraries.integers().between(1, 60);
  }

  private static Arbitrary<Integer> weights() {
    return Arbitraries.of(1, 1, 1, 2, 3, 7, 100, 65_535, Integer.MAX_VALUE);
  }
}
