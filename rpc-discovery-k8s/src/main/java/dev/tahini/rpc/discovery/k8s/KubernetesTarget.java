package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The service that a target names. Immutable.
 *
 * @param service its name
 * @param namespace where it is, or null for that of the service account
 * @param port a port's name or number, or null where the service has one port
 * @param family which addresses count
 */
record KubernetesTarget(
    String service, @Nullable String namespace, @Nullable String port, Family family) {
  private static final String FAMILY = "family";
  private static final String EXPECTED =
      "service, service.namespace or service.namespace.svc, in lower case; for addresses there is static:///";

  /**
   * Reads a target.
   *
   * @throws InvalidValueException if no service could have this name
   */
  static KubernetesTarget of(Target target) {
    Set<String> unknown = new HashSet<>(target.options().keySet());
    unknown.remove(FAMILY);
    if (!unknown.isEmpty()) {
      throw new InvalidValueException("options", unknown, "family, in " + target);
    }
    if (!target.authority().isEmpty()) {
      throw new InvalidValueException(
          "authority",
          target.authority(),
          "empty: k8s:///service.namespace:port has three slashes; options name the API server");
    }
    HostPort host = target.host();
    String[] labels = withoutDot(host.host()).split("\\.", -1);
    boolean isOfCluster = labels.length < 3 || labels[2].equals("svc");
    if (!isOfCluster
        || !List.of(labels).stream().allMatch(l -> KubernetesOptions.LABEL.matcher(l).matches())) {
      throw new InvalidValueException("host", host.host(), EXPECTED + ", in " + target);
    }
    return new KubernetesTarget(
        labels[0],
        labels.length > 1 ? labels[1] : null,
        host.port(),
        Family.parse(target.options().get(FAMILY)));
  }

  /** The same with its namespace known. */
  KubernetesTarget inNamespace(String found) {
    return new KubernetesTarget(service, found, port, family);
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
