package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
  void unknownShardMapIsRefused() {
    assertRefused("tahini: shardMap: crc (expected: standard)", Map.of("shardMap", "crc"));
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
