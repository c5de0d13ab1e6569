package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.discovery.k8s.Slice.Member;
import dev.tahini.rpc.discovery.k8s.Slice.Use;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why there are no endpoints, where more is known than that there are no pods. */
final class EmptyList {
  private EmptyList() {}

  /**
   * In words for the user.
   *
   * @param slices of the service, without an endpoint for the target
   * @return null if the service has no pods
   */
  static @Nullable String why(Collection<Slice> slices, KubernetesTarget target) {
    String service = target.service() + "." + target.namespace();
    if (slices.isEmpty()) {
      return "service %s has no EndpointSlices (expected: a service of that name, with a selector)"
          .formatted(service);
    }
    Set<String> otherPorts =
        slices.stream()
            .map(Slice::otherPorts)
            .flatMap(Collection::stream)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!otherPorts.isEmpty()) {
      return "port: %s (expected: one of %s of service %s)"
          .formatted(target.port() == null ? "not given" : target.port(), otherPorts, service);
    }
    List<Member> members = slices.stream().flatMap(slice -> slice.members().stream()).toList();
    if (members.stream().anyMatch(member -> member.use() != Use.NOT)) {
      return "family: %s (expected: the other one, which the pods of service %s have)"
          .formatted(target.family().name().toLowerCase(Locale.ROOT), service);
    }
    return members.isEmpty()
        ? null
        : "service %s: none of its pods is ready (%d are not)".formatted(service, members.size());
  }
}
