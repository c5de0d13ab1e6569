package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.EquivalentAddressGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final SocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 80);
  private static final SocketAddress OTHER = new InetSocketAddress("10.0.0.2", 80);
  private static final Endpoint FULL =
      Endpoint.of(ADDRESS)
          .withWeight(3)
          .withZone("z")
          .withCondition(Endpoint.Condition.DRAINING)
          .withName("pod-1")
          .withAttribute("version", "7");

  @Test
  void ofAnAddressOnlyTheAddressIsKnown() {
    assertEquals(
        new Endpoint(ADDRESS, 1, "", Endpoint.Condition.SERVING, "", Map.of()),
        Endpoint.of(ADDRESS));
  }

  @Test
  void withMethodsChangeOnePartEach() {
    assertEquals(
        new Endpoint(ADDRESS, 3, "z", Endpoint.Condition.DRAINING, "pod-1", Map.of("version", "7")),
        FULL);
  }

  @Test
  void withAttributeReplacesTheValueOfItsKey() {
    assertEquals(Map.of("version", "8"), FULL.withAttribute("version", "8").attributes());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void weightBelowOneIsRefused(int weight) {
    Endpoint endpoint = Endpoint.of(ADDRESS);

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> endpoint.withWeight(weight));

    assertEquals("weight: " + weight + " (expected: 1 to 2147483647)", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
  void weightFromOneIsTaken(int weight) {
    assertEquals(weight, Endpoint.of(ADDRESS).withWeight(weight).weight());
  }

  @Test
  void laterChangesOfTheGivenMapAreNotSeen() {
    Map<String, String> attributes = new HashMap<>(Map.of("a", "1"));
    Endpoint endpoint = new Endpoint(ADDRESS, 1, "", Endpoint.Condition.SERVING, "", attributes);

    attributes.put("b", "2");

    assertEquals(Map.of("a", "1"), endpoint.attributes());
  }

  @Test
  void attributesCannotBeChanged() {
    assertThrows(UnsupportedOperationException.class, () -> FULL.attributes().put("version", "8"));
  }

  @Test
  void endpointSurvivesTheWayThroughGrpc() {
    assertEquals(FULL, Endpoint.of(FULL.toAddressGroup()));
  }

  @Test
  void addressGroupHasTheOneAddress() {
    assertEquals(List.of(ADDRESS), FULL.toAddressGroup().getAddresses());
  }

  @Test
  void addressGroupOfAnotherResolverIsItsFirstAddress() {
    EquivalentAddressGroup group = new EquivalentAddressGroup(List.of(OTHER, ADDRESS));

    assertEquals(Endpoint.of(OTHER), Endpoint.of(group));
  }

  @Test
  void anyDifferenceMakesEndpointsDiffer() {
    assertNotEquals(FULL, FULL.withWeight(4));
    assertNotEquals(FULL, FULL.withZone("y"));
    assertNotEquals(FULL, FULL.withCondition(Endpoint.Condition.SERVING));
    assertNotEquals(FULL, FULL.withName("pod-2"));
    assertNotEquals(FULL, FULL.withAttribute("version", "8"));
  }

  @Test
  void textSaysWhatIsKnownBeyondTheAddress() {
    assertEquals("10.0.0.1:80", Endpoint.of(ADDRESS).toString());
    assertEquals("10.0.0.1:80 weight=3 zone=z DRAINING name=pod-1 {version=7}", FULL.toString());
  }
}
