package dev.tahini.rpc.testing;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TestDiscovery} has been told to say of a target. Immutable.
 *
 * @param list what is listed, each address once; null before the first list
 * @param error why it fails, or null
 * @param silent whether nothing is said any more
 */
record Said(@Nullable List<Endpoint> list, @Nullable Status error, boolean silent) {
  static final Said NOTHING = new Said(null, null, false);

  /** Ends a failure. A list of the same content is the same object, so that it is no news. */
  Said listing(List<Endpoint> endpoints) {
    requireEachOnce(endpoints);
    return new Said(sameOr(List.copyOf(endpoints)), null, silent);
  }

  private List<Endpoint> sameOr(List<Endpoint> next) {
    return list != null && new HashSet<>(list).equals(new HashSet<>(next)) ? list : next;
  }

  private static void requireEachOnce(List<Endpoint> endpoints) {
    Map<SocketAddress, Endpoint> byAddress = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      if (byAddress.put(endpoint.address(), endpoint) != null) {
        throw new InvalidValueException(
            "address", endpoint.addressText(), "each address once in " + endpoints);
      }
    }
  }

  /** With one more; one of its address is replaced in its place. */
  Said adding(Endpoint endpoint) {
    List<Endpoint> next = new ArrayList<>(known());
    next.replaceAll(known -> known.address().equals(endpoint.address()) ? endpoint : known);
    if (!next.contains(endpoint)) {
      next.add(endpoint);
    }
    return listing(next);
  }

  /** Without one, if it is listed; else the same, failure included. */
  Said without(SocketAddress address) {
    return lists(address)
        ? listing(known().stream().filter(e -> !e.address().equals(address)).toList())
        : this;
  }

  boolean lists(SocketAddress address) {
    return known().stream().anyMatch(endpoint -> endpoint.address().equals(address));
  }

  List<Endpoint> known() {
    return list == null ? List.of() : list;
  }

  Said failing(Status status) {
    if (status.isOk()) {
      throw new InvalidValueException("status", status, "an error");
    }
    return new Said(list, status, silent);
  }

  Said goingSilent() {
    return new Said(list, error, true);
  }

  Said speaking() {
    return new Said(list, error, false);
  }

  /** What is listed, or why it fails. */
  @Override
  public String toString() {
    return (error != null ? error : list == null ? "no answer yet" : list)
        + (silent ? ", silent" : "");
  }
}
