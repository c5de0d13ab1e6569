package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TahiniConfigTest {
  private final TahiniLoadBalancerProvider provider = new TahiniLoadBalancerProvider();

  @Test
  void policyIsFoundByTheRegistry() {
    LoadBalancerProvider found = LoadBalancerRegistry.getDefaultRegistry().getProvider("tahini");

    assertInstanceOf(TahiniLoadBalancerProvider.class, found);
    assertTrue(found.isAvailable());
  }

  @Test
  void providerMakesTheBalancer() {
    assertInstanceOf(TahiniLoadBalancer.class, provider.newLoadBalancer(new FakeHelper()));
  }

  @Test
  void emptyConfigIsTheDefault() {
    assertEquals(TahiniConfig.DEFAULT, parsed(Map.of()));
  }

  @Test
  void everyFieldIsRead() {
    assertEquals(
        new TahiniConfig(Pick.random(), ShardMaps.standard()),
        parsed(Map.of("pick", "random", "shardMap", "standard")));
  }

  @Test
  void leastLoadedMayBeSaid() {
    assertEquals(TahiniConfig.DEFAULT, parsed(Map.of("pick", "least_loaded")));
  }

  @Test
  void unknownFieldIsLeftToNewerVersions() {
    assertEquals(TahiniConfig.DEFAULT, parsed(Map.of("panicThreshold", 50.0)));
  }

  @Test
  void unknownPickIsRefused() {
    assertRefused(
        "tahini: pick: fastest (expected: least_loaded or random)", Map.of("pick", "fastest"));
  }

  @Test
  void pickThatNeedsAKeyIsRefused() {
    assertRefused(
        "tahini: pick: shard (expected: least_loaded or random)", Map.of("pick", "shard"));
  }

  @Test
  void pickOfAnotherTypeIsRefused() {
    assertRefused("tahini: pick: 1.0 (expected: least_loaded or random)", Map.of("pick", 1.0));
  }

  @Test
  void shardMapMayBeNamed() {
    assertEquals(ShardMaps.standard(), shardMap("standard"));
    assertEquals(ShardMaps.ringHash(), shardMap("ring_hash"));
    assertEquals(ShardMaps.maglev(), shardMap("maglev"));
    assertEquals(ShardMaps.goma(), shardMap("goma"));
  }

  @Test
  void shardMapMayHaveOptions() {
    assertEquals(
        ShardMaps.ringHash(10, 20),
        shardMap(Map.of("ring_hash", Map.of("minRingSize", 10.0, "maxRingSize", 20.0))));
    assertEquals(ShardMaps.maglev(251), shardMap(Map.of("maglev", Map.of("tableSize", 251.0))));
  }

  @Test
  void optionOfAShardMapThatIsLeftOutHasItsDefault() {
    assertEquals(
        ShardMaps.ringHash(10, 4096), shardMap(Map.of("ring_hash", Map.of("minRingSize", 10.0))));
    assertEquals(
        ShardMaps.ringHash(1024, 8192),
        shardMap(Map.of("ring_hash", Map.of("maxRingSize", 8192.0))));
    assertEquals(ShardMaps.maglev(), shardMap(Map.of("maglev", Map.of())));
    assertEquals(ShardMaps.goma(), shardMap(Map.of("goma", Map.of())));
    assertEquals(ShardMaps.standard(), shardMap(Map.of("standard", Map.of())));
  }

  @ParameterizedTest
  @MethodSource("noShardMaps")
  void whatIsNoShardMapIsRefused(Object json) {
    assertRefused(
        "tahini: shardMap: "
            + json
            + " (expected: standard, ring_hash, maglev or goma; or an object with one of them and"
            + " its options)",
        Map.of("shardMap", json));
  }

  static Stream<Object> noShardMaps() {
    return Stream.of(
        "crc",
        "Maglev",
        1.0,
        true,
        List.of("maglev"),
        Map.of(),
        Map.of("crc", Map.of()),
        Map.of("maglev", 17.0),
        new TreeMap<>(Map.of("goma", Map.of(), "maglev", Map.of())));
  }

  @Test
  void unknownOptionOfAShardMapIsRefused() {
    assertRefused(
        "tahini: option of shardMap maglev: size (expected: tableSize)",
        Map.of("shardMap", Map.of("maglev", Map.of("size", 17.0))));
    assertRefused(
        "tahini: option of shardMap goma: replicas (expected: none)",
        Map.of("shardMap", Map.of("goma", Map.of("replicas", 17.0))));
  }

  @ParameterizedTest
  @MethodSource("noWholeNumbers")
  void optionThatIsNoWholeNumberIsRefused(Object value) {
    assertRefused(
        "tahini: minRingSize: " + value + " (expected: a whole number below 2^31)",
        Map.of("shardMap", Map.of("ring_hash", Map.of("minRingSize", value))));
  }

  static Stream<Object> noWholeNumbers() {
    return Stream.of(1.5, 1e10, Double.NaN, "1024", List.of());
  }

  @Test
  void optionOutOfItsRangeIsRefused() {
    assertRefused(
        "tahini: tableSize: 16 (expected: a prime, 2 to 5000011)",
        Map.of("shardMap", Map.of("maglev", Map.of("tableSize", 16.0))));
    assertRefused(
        "tahini: minRingSize: 8192 (expected: 1 to maxRingSize 4096)",
        Map.of("shardMap", Map.of("ring_hash", Map.of("minRingSize", 8192.0))));
  }

  private ShardMap shardMap(Object json) {
    return ((TahiniConfig) parsed(Map.of("shardMap", json))).shardMap();
  }

  private Object parsed(Map<String, ?> json) {
    ConfigOrError result = provider.parseLoadBalancingPolicyConfig(json);
    assertNull(result.getError());
    assertNotNull(result.getConfig());
    return result.getConfig();
  }

  private void assertRefused(String description, Map<String, ?> json) {
    ConfigOrError result = provider.parseLoadBalancingPolicyConfig(json);
    assertNotNull(result.getError());
    assertEquals(Status.Code.INVALID_ARGUMENT, result.getError().getCode());
    assertEquals(description, result.getError().getDescription());
  }
}
