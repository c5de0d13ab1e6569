package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.discovery.k8s.Slice.Member;
import dev.tahini.rpc.discovery.k8s.Slice.Use;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The slices of a service, each as it was last heard of, and what they say together. The list
 * depends on the last state of each slice only: not on the order in which they came. Immutable.
 */
final class ServiceState {
  static final ServiceState EMPTY = new ServiceState(Map.of());

  private final Map<String, Slice> slices;

  private ServiceState(Map<String, Slice> slices) {
    this.slices = slices;
  }

  /** These and no others. */
  static ServiceState of(Map<String, Slice> slices) {
    return new ServiceState(Map.copyOf(slices));
  }

  /** The same with a slice added or replaced. */
  ServiceState with(String name, Slice slice) {
    Map<String, Slice> next = new HashMap<>(slices);
    next.put(name, slice);
    return new ServiceState(next);
  }

  /** The same without a slice. */
  ServiceState without(String name) {
    Map<String, Slice> next = new HashMap<>(slices);
    next.remove(name);
    return new ServiceState(next);
  }

  /**
   * The endpoints that serve: those that are ready, or, if none is, those that are terminating and
   * serve on. One that stands in several slices, as it may while it moves, is one.
   */
  List<Endpoint> endpoints(Family family) {
    boolean wantsIpv6 = family == Family.V6 || (family == Family.ONE && !hasIpv4());
    Map<SocketAddress, Endpoint> ready = new LinkedHashMap<>();
    Map<SocketAddress, Endpoint> terminating = new LinkedHashMap<>();
    for (Slice slice : new TreeMap<>(slices).values()) {
      if (slice.isIpv6() == wantsIpv6) {
        for (Member member : slice.members()) {
          if (member.use() != Use.NOT) {
            (member.use() == Use.READY ? ready : terminating)
                .merge(member.endpoint().address(), member.endpoint(), ServiceState::better);
          }
        }
      }
    }
    return List.copyOf((ready.isEmpty() ? terminating : ready).values());
  }

  private boolean hasIpv4() {
    return slices.values().stream()
        .filter(slice -> !slice.isIpv6())
        .flatMap(slice -> slice.members().stream())
        .anyMatch(member -> member.use() != Use.NOT);
  }

  /** Of two that are one, that which does not drain; else always the same. */
  private static Endpoint better(Endpoint one, Endpoint other) {
    int byCondition = one.condition().compareTo(other.condition());
    if (byCondition != 0) {
      return byCondition < 0 ? one : other;
    }
    return one.toString().compareTo(other.toString()) <= 0 ? one : other;
  }

  Collection<Slice> slices() {
    return slices.values();
  }
}
