package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingHashTest {
  private static final BigInteger CIRCLE = BigInteger.ONE.shiftLeft(64);

  /** Sizes of a ring. */
  record Sizes(int min, int max) {}

  /** The specification word for word, without a thought for speed. */
  private static final class Reference {
    final NavigableMap<BigInteger, Endpoint> ring = new TreeMap<>();

    Reference(List<Endpoint> endpoints, Sizes sizes) {
      NavigableMap<String, Endpoint> hosts = new TreeMap<>(Reference::compareCodePoints);
      endpoints.forEach(endpoint -> hosts.put(endpoint.addressText(), endpoint));
      double sum = 0;
      for (Endpoint endpoint : endpoints) {
        sum += endpoint.weight();
      }
      double least = 1;
      for (Endpoint endpoint : endpoints) {
        least = Math.min(least, endpoint.weight() / sum);
      }
      double scale = Math.min(Math.ceil(least * sizes.min()) / least, sizes.max());
      double current = 0;
      double target = 0;
      for (Map.Entry<String, Endpoint> host : hosts.entrySet()) {
        target += scale * (host.getValue().weight() / sum);
        for (int i = 0; current < target; i++) {
          ring.putIfAbsent(hash(host.getKey() + "_" + i), host.getValue());
          current += 1;
        }
      }
    }

    /** The order of UTF-8's bytes. */
    private static int compareCodePoints(String one, String other) {
      return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
    }

    static BigInteger hash(String text) {
      return new BigInteger(
          Long.toUnsignedString(LongHashFunction.xx(0).hashBytes(text.getBytes(UTF_8))));
    }

    Endpoint owner(BigInteger hash) {
      Map.Entry<BigInteger, Endpoint> entry = ring.ceilingEntry(hash);
      return (entry != null ? entry : ring.firstEntry()).getValue();
    }

    Map<Endpoint, Double> shares() {
      Map<Endpoint, BigInteger> arcs = new HashMap<>();
      BigInteger last = ring.lastKey().subtract(CIRCLE);
      for (Map.Entry<BigInteger, Endpoint> entry : ring.entrySet()) {
        arcs.merge(entry.getValue(), entry.getKey().subtract(last), BigInteger::add);
        last = entry.getKey();
      }
      Map<Endpoint, Double> shares = new HashMap<>();
      arcs.forEach(
          (endpoint, arc) ->
              shares.put(
                  endpoint, new BigDecimal(arc).divide(new BigDecimal(CIRCLE)).doubleValue()));
      return shares;
    }
  }

  @Property(tries = 200)
  void ringIsThatOfTheSpecification(
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll("sizes") Sizes sizes,
      @ForAll long seed) {
    Reference reference = new Reference(endpoints, sizes);
    ShardMap.Table table = ShardMaps.ringHash(sizes.min(), sizes.max()).build(endpoints);

    for (BigInteger hash : hashes(reference, seed)) {
      assertEquals(reference.owner(hash), endpoints.get(table.owner(hash.longValue())));
    }
  }

  private static List<BigInteger> hashes(Reference reference, long seed) {
    List<BigInteger> hashes = new ArrayList<>();
    for (BigInteger entry : reference.ring.keySet()) {
      hashes.add(entry);
      hashes.add(entry.add(BigInteger.ONE).mod(CIRCLE));
    }
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      hashes.add(new BigInteger(64, random));
    }
    return hashes;
  }

  @Property(tries = 100)
  void shareIsTheArcsOfTheSpecification(
      @ForAll("endpoints") List<Endpoint> endpoints, @ForAll("sizes") Sizes sizes) {
    Map<Endpoint, Double> shares = new Reference(endpoints, sizes).shares();
    ShardMap.Table table = ShardMaps.ringHash(sizes.min(), sizes.max()).build(endpoints);

    for (int i = 0; i < endpoints.size(); i++) {
      assertEquals(shares.getOrDefault(endpoints.get(i), 0.0), table.share(i), 1e-12);
    }
  }

  @Provide
  Arbitrary<List<Endpoint>> endpoints() {
    Arbitrary<String> hosts =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 300).map(i -> "10.0." + i % 2 + "." + i / 2),
            Arbitraries.integers().between(0, 300).map(i -> "[2001:db8::" + i + "]"),
            Arbitraries.strings().withChars("a-é\ufb01").ofMinLength(1).ofMaxLength(4),
            Arbitraries.of("\ud83d\ude00", "\ud83d\ude00.shop"));
    return Combinators.combine(
            hosts, Arbitraries.of(80, 443, 8080), Arbitraries.integers().between(1, 1000))
        .as((host, port, weight) -> Endpoints.at(host + ":" + port).withWeight(weight))
        .list()
        .uniqueElements(Endpoint::addressText)
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<Sizes> sizes() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 2000), Arbitraries.integers().between(0, 2000))
        .as((min, more) -> new Sizes(min, min + more));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, 'minRingSize: 0 (expected: 1 to maxRingSize 4096)'",
    "-1, 4096, 'minRingSize: -1 (expected: 1 to maxRingSize 4096)'",
    "4097, 4096, 'minRingSize: 4097 (expected: 1 to maxRingSize 4096)'",
    "1, 0, 'maxRingSize: 0 (expected: 1 to 8388608)'",
    "1, 8388609, 'maxRingSize: 8388609 (expected: 1 to 8388608)'"
  })
  void sizeOutOfItsRangeIsRefused(int min, int max, String message) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> ShardMaps.ringHash(min, max));

    assertEquals(message, e.getMessage());
  }

  @Test
  void limitsAreAllowed() {
    assertEquals("ring_hash", ShardMaps.ringHash(1, 1).name());
    assertEquals("ring_hash", ShardMaps.ringHash(8_388_608, 8_388_608).name());
  }

  @Test
  void ringMayHaveHundredsOfThousandsOfPoints() {
    Ring ring =
        new RingHash(500_000, RingHash.LARGEST_RING)
            .ring(Host.sorted(Endpoints.endpoints(3), Endpoint::addressText));

    assertEquals(500_001, ring.steps());
  }

  @Test
  void endpointsOfOneAddressTextShareItsPlaces() {
    Endpoint resolved = Endpoints.at("10.0.0.1:80");
    Endpoint unresolved =
        Endpoint.of(InetSocketAddress.createUnresolved("10.0.0.1", 80)).withWeight(2);

    ShardMap.Table table = ShardMaps.ringHash().build(List.of(unresolved, resolved));

    int[] owners = new int[2];
    assertEquals(2, table.owners(table.hash(new byte[0]), owners));
    assertEquals(1, table.share(0) + table.share(1), 1e-12);
  }
}
