package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.Endpoints.A;
import static dev.tahini.rpc.core.Endpoints.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashRingTest {
  private static final Pattern VECTOR =
      Pattern.compile("\\{\"key\":\"(.*)\",\"keyHash\":\"([0-9a-f]{16})\",.*\"seed\":0}");

  /** Of /vectors: XXH64 as another implementation has it. */
  record Vector(String key, long hash) {}

  static List<Vector> vectors() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    try (InputStream file = HashRingTest.class.getResourceAsStream("xxh64.jsonl");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(Objects.requireNonNull(file), UTF_8))) {
      lines
          .lines()
          .map(VECTOR::matcher)
          .filter(Matcher::matches)
          .map(HashRingTest::vector)
          .forEach(vectors::add);
    }
    return vectors;
  }

  private static Vector vector(Matcher line) {
    String key = line.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
    return new Vector(key, Long.parseUnsignedLong(line.group(2), 16));
  }

  @Test
  void vectorsAreThere() throws IOException {
    assertEquals(50, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void keyIsHashedByXxh64(Vector vector) {
    long hash = HashRing.of(List.of(A)).hash(vector.key().getBytes(UTF_8));

    assertEquals(Long.toHexString(vector.hash()), Long.toHexString(hash));
  }

  @Test
  void onlyEndpointOwnsEverything() {
    HashRing ring = HashRing.of(List.of(A));

    assertEquals(0, ring.owner(0));
    assertEquals(0, ring.owner(-1));
    assertEquals(1, ring.share(0), 1e-9);
  }

  @Property(tries = 60)
  void keyBelongsToTheFirstPointAtOrAfterItUnsigned(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll long seed) {
    HashRing ring = HashRing.of(endpoints);
    NavigableMap<Long, String> reference = reference(ring, endpoints);

    for (long hash : hashes(reference, seed)) {
      Map.Entry<Long, String> point = reference.ceilingEntry(hash);
      String owner = (point != null ? point : reference.firstEntry()).getValue();
      assertEquals(owner, endpoints.get(ring.owner(hash)).addressText());
    }
  }

  /** The ring as its description has it, read point by point. */
  private static NavigableMap<Long, String> reference(
      ShardMap.Table table, List<Endpoint> endpoints) {
    NavigableMap<Long, String> points = new TreeMap<>(Long::compareUnsigned);
    for (Endpoint endpoint : endpoints) {
      for (int i = 0; i < HashRing.POINTS * endpoint.weight(); i++) {
        String text = endpoint.addressText() + "_" + i;
        points.merge(
            table.hash(text.getBytes(UTF_8)),
            endpoint.addressText(),
            (one, other) -> one.compareTo(other) < 0 ? one : other);
      }
    }
    return points;
  }

  private static List<Long> hashes(NavigableMap<Long, String> points, long seed) {
    Random random = new Random(seed);
    List<Long> hashes = new ArrayList<>(List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
    random.longs(50).forEach(hashes::add);
    List<Long> all = new ArrayList<>(points.keySet());
    for (int i = 0; i < 20; i++) {
      long point = all.get(random.nextInt(all.size()));
      Collections.addAll(hashes, point, point - 1, point + 1);
    }
    Collections.addAll(hashes, points.firstKey(), points.lastKey(), points.lastKey() + 1);
    return hashes;
  }

  @Property(tries = 60)
  void orderOfTheListDoesNotMatter(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll long seed) {
    Random random = new Random(seed);
    List<Endpoint> shuffled = new ArrayList<>(endpoints);
    Collections.shuffle(shuffled, random);
    HashRing one = HashRing.of(endpoints);
    HashRing other = HashRing.of(shuffled);

    random
        .longs(100)
        .forEach(
            hash -> assertEquals(endpoints.get(one.owner(hash)), shuffled.get(other.owner(hash))));
  }

  @Property(tries = 60)
  void endpointThatComesOrGoesMovesOnlyKeysOfItsOwn(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll long seed) {
    Endpoint added = Endpoints.endpoint(999).withWeight(2);
    List<Endpoint> more = new ArrayList<>(endpoints);
    more.add(endpoints.size() / 2, added);
    HashRing without = HashRing.of(endpoints);
    HashRing with = HashRing.of(more);

    new Random(seed)
        .longs(200)
        .forEach(
            hash -> {
              Endpoint owner = more.get(with.owner(hash));
              assertTrue(owner.equals(added) || owner.equals(endpoints.get(without.owner(hash))));
            });
  }

  @Property(tries = 40)
  void endpointThatGainsWeightTakesKeysAndLosesNone(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll long seed) {
    List<Endpoint> heavier = new ArrayList<>(endpoints);
    heavier.set(0, endpoints.get(0).withWeight(endpoints.get(0).weight() + 1));
    HashRing before = HashRing.of(endpoints);
    HashRing after = HashRing.of(heavier);

    new Random(seed)
        .longs(200)
        .forEach(
            hash -> assertTrue(after.owner(hash) == 0 || after.owner(hash) == before.owner(hash)));
  }

  @Property(tries = 60)
  void sharesSumToOne(@ForAll("endpoints") List<Endpoint> endpoints) {
    HashRing ring = HashRing.of(endpoints);

    double sum = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      sum += ring.share(i);
    }
    assertEquals(1, sum, 1e-9);
  }

  @Property(tries = 40)
  void sharesAreRoughlyAsTheWeights(@ForAll("endpoints") List<Endpoint> endpoints) {
    HashRing ring = HashRing.of(endpoints);
    double weights = endpoints.stream().mapToInt(Endpoint::weight).sum();

    for (int i = 0; i < endpoints.size(); i++) {
      double expected = endpoints.get(i).weight() / weights;
      assertEquals(expected, ring.share(i), expected * 0.4);
    }
  }

  @Test
  void shareIsThePartOfTheKeysThatAnEndpointOwns() {
    List<Endpoint> endpoints = List.of(A, B.withWeight(3), Endpoints.C);
    HashRing ring = HashRing.of(endpoints);
    int[] owned = new int[3];

    new Random(1).longs(100_000).forEach(hash -> owned[ring.owner(hash)]++);

    for (int i = 0; i < 3; i++) {
      assertEquals(ring.share(i), owned[i] / 100_000.0, 0.01);
    }
  }

  @Property(tries = 60)
  void keyOfAnUnusableOwnerGoesWhereTheRingOfTheUsableOnesSays(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll long seed) {
    Random random = new Random(seed);
    Set<Endpoint> usable = new HashSet<>();
    endpoints.stream().filter(endpoint -> random.nextBoolean()).forEach(usable::add);
    usable.add(endpoints.get(random.nextInt(endpoints.size())));
    List<Endpoint> left = endpoints.stream().filter(usable::contains).toList();
    HashRing ring = HashRing.of(endpoints);
    HashRing ringOfTheLeft = HashRing.of(left);

    random
        .longs(100)
        .forEach(
            hash -> {
              int owner = ring.owner(hash, i -> usable.contains(endpoints.get(i)));
              assertEquals(left.get(ringOfTheLeft.owner(hash)), endpoints.get(owner));
            });
  }

  @Test
  void keyHasNoOwnerWhereNoneIsUsable() {
    assertEquals(-1, HashRing.of(List.of(A, B)).owner(5, i -> false));
  }

  @Test
  void ownerThatIsUsableKeepsItsKey() {
    HashRing ring = HashRing.of(Endpoints.endpoints(10));

    new Random(1).longs(1000).forEach(h -> assertEquals(ring.owner(h), ring.owner(h, i -> true)));
  }

  @Test
  void weightAboveTheLargestCountsAsTheLargest() {
    HashRing ring =
        HashRing.of(
            List.of(A.withWeight(Integer.MAX_VALUE), B.withWeight(HashRing.LARGEST_WEIGHT)));

    assertEquals(0.5, ring.share(0), 0.05);
  }

  @Provide
  Arbitrary<List<Endpoint>> endpoints() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 200), Arbitraries.of(1, 1, 1, 2, 3))
        .as((number, weight) -> Endpoints.endpoint(number).withWeight(weight))
        .list()
        .uniqueElements(Endpoint::address)
        .ofMinSize(1)
        .ofMaxSize(10);
  }
}
