package dev.tahini.rpc.apiserver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a slice. Immutable; each method but the accessors gives a changed copy. What is
 * null is left out of the JSON.
 *
 * @param addresses usually one
 * @param ready the condition
 * @param serving the condition
 * @param terminating the condition
 * @param zone the zone's name
 * @param node the node's name
 * @param pod the name of the pod in {@code targetRef}
 * @param hints the zones that should use it
 */
public record FakeEndpoint(
    List<String> addresses,
    @Nullable Boolean ready,
    @Nullable Boolean serving,
    @Nullable Boolean terminating,
    @Nullable String zone,
    @Nullable String node,
    @Nullable String pod,
    List<String> hints) {

  /** Copies the lists. */
  public FakeEndpoint {
    addresses = List.copyOf(addresses);
    hints = List.copyOf(hints);
  }

  /** An endpoint that is ready and serving and not terminating, and nothing else. */
  public static FakeEndpoint of(String... addresses) {
    return new FakeEndpoint(List.of(addresses), true, true, false, null, null, null, List.of());
  }

  /** With this condition; null leaves it out. */
  public FakeEndpoint ready(@Nullable Boolean value) {
    return new FakeEndpoint(addresses, value, serving, terminating, zone, node, pod, hints);
  }

  /** With this condition; null leaves it out. */
  public FakeEndpoint serving(@Nullable Boolean value) {
    return new FakeEndpoint(addresses, ready, value, terminating, zone, node, pod, hints);
  }

  /** With this condition; null leaves it out. */
  public FakeEndpoint terminating(@Nullable Boolean value) {
    return new FakeEndpoint(addresses, ready, serving, value, zone, node, pod, hints);
  }

  /** In this zone. */
  public FakeEndpoint zone(@Nullable String value) {
    return new FakeEndpoint(addresses, ready, serving, terminating, value, node, pod, hints);
  }

  /** On this node. */
  public FakeEndpoint node(@Nullable String value) {
    return new FakeEndpoint(addresses, ready, serving, terminating, zone, value, pod, hints);
  }

  /** With this pod behind it. */
  public FakeEndpoint pod(@Nullable String value) {
    return new FakeEndpoint(addresses, ready, serving, terminating, zone, node, value, hints);
  }

  /** For callers in these zones; none leaves the hints out. */
  public FakeEndpoint hints(String... zones) {
    return new FakeEndpoint(
        addresses, ready, serving, terminating, zone, node, pod, List.of(zones));
  }
}
