package dev.tahini.rpc.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An EndpointSlice as a test says it. Immutable; each method but the accessors gives a changed
 * copy. No endpoints, or no ports, are {@code null} in the JSON, as with a real server.
 *
 * @param namespace of the slice and its service
 * @param name of the slice
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 * @param labels all of them, with {@code kubernetes.io/service-name}
 * @param ports in order
 * @param endpoints in order
 */
public record FakeSlice(
    String namespace,
    String name,
    String addressType,
    Map<String, String> labels,
    List<FakePort> ports,
    List<FakeEndpoint> endpoints) {
  /** The label that names the service of a slice. */
  public static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** Copies the collections. */
  public FakeSlice {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /** An IPv4 slice of the service, without ports and endpoints. */
  public static FakeSlice of(String namespace, String service, String name) {
    Map<String, String> labels =
        Map.of(
            SERVICE_NAME,
            service,
            "endpointslice.kubernetes.io/managed-by",
            "endpointslice-controller.k8s.io");
    return new FakeSlice(namespace, name, "IPv4", labels, List.of(), List.of());
  }

  /** With this address type. */
  public FakeSlice addressType(String value) {
    return new FakeSlice(namespace, name, value, labels, ports, endpoints);
  }

  /** With this label, in the place of one of the same key. */
  public FakeSlice label(String key, String value) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(key, value);
    return new FakeSlice(namespace, name, addressType, more, ports, endpoints);
  }

  /** With one more TCP port. */
  public FakeSlice port(@Nullable String portName, @Nullable Integer number) {
    return port(portName, number, "TCP");
  }

  /** With one more port; what is null is left out of the JSON. */
  public FakeSlice port(
      @Nullable String portName, @Nullable Integer number, @Nullable String protocol) {
    List<FakePort> more = new ArrayList<>(ports);
    more.add(new FakePort(portName, number, protocol));
    return new FakeSlice(namespace, name, addressType, labels, more, endpoints);
  }

  /** With one more endpoint. */
  public FakeSlice endpoint(FakeEndpoint endpoint) {
    List<FakeEndpoint> more = new ArrayList<>(endpoints);
    more.add(endpoint);
    return endpoints(more);
  }

  /** With these endpoints instead. */
  public FakeSlice endpoints(List<FakeEndpoint> all) {
    return new FakeSlice(namespace, name, addressType, labels, ports, all);
  }
}
