package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyOwnersTest {
  private static KeyOwners owners(Map<String, String> owners) {
    return new KeyOwners(new TreeMap<>(owners));
  }

  @Test
  void keysThatMovedAreTold() {
    KeyOwners before = owners(Map.of("x", "a", "y", "a", "z", "b"));
    KeyOwners after = owners(Map.of("x", "a", "y", "b", "z", "b"));

    assertEquals(Map.of("y", "a -> b"), before.movedBy(after));
    before.assertMovedAtMost(after, 0.34);
    AssertionError e =
        assertThrows(AssertionError.class, () -> before.assertMovedAtMost(after, 0.3));
    assertEquals(
        "keys that moved: 1 of 3, a share of 0.333 (expected: at most 0.300) {a -> b=1}, such"
            + " as [y]",
        e.getMessage());
  }

  @Test
  void noKeysAreNoProof() {
    KeyOwners none = owners(Map.of());

    assertThrows(AssertionError.class, () -> none.assertMovedAtMost(none, 1));
  }

  @Test
  void clientsViewTellsTheOwners() {
    List<String> keys = IntStream.range(0, 500).mapToObj(i -> "key-" + i).toList();
    TestDiscovery discovery = new TestDiscovery();
    List<Endpoint> endpoints =
        IntStream.range(1, 6)
            .mapToObj(i -> Endpoint.of(new InetSocketAddress("192.0.2." + i, 80)))
            .toList();
    discovery.set(endpoints.subList(0, 4));
    try (RpcClient<Echo> client =
        RpcClient.builder("echo", Echo::new)
            .discovery(discovery)
            .feature(discovery)
            .channelFactory(new InProcessChannelFactory())
            .plaintext()
            .build()) {
      discovery.awaitApplied();
      KeyOwners four = KeyOwners.seenBy(client.view(), keys);

      discovery.set(endpoints);
      discovery.awaitApplied();

      KeyOwners five = KeyOwners.seenBy(client.view(), keys);
      four.assertMovedAtMost(five, 0.3);
      four.movedBy(five)
          .forEach((key, move) -> assertTrue(move.endsWith(" -> 192.0.2.5:80"), key + ": " + move));
      discovery.empty();
      discovery.awaitApplied();
      assertThrows(AssertionError.class, () -> KeyOwners.seenBy(client.view(), keys));
    }
  }
}
