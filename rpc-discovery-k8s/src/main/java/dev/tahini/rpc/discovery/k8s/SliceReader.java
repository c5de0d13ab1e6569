package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Endpoint.Condition;
import dev.tahini.rpc.discovery.k8s.Slice.Member;
import dev.tahini.rpc.discovery.k8s.Slice.Use;
import dev.tahini.rpc.discovery.k8s.SliceJson.Conditions;
import dev.tahini.rpc.discovery.k8s.SliceJson.EndpointJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.PortJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a slice says of a target's port, as the API's documentation has it: a missing {@code
 * ready} is true, a missing {@code serving} is what {@code ready} is, a missing {@code terminating}
 * is false; of several addresses of an endpoint the first counts, as for kube-proxy.
 */
final class SliceReader {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
  private static final String NODE = "node";
  private static final String HINTS = "forZones";

  private final KubernetesTarget target;

  SliceReader(KubernetesTarget target) {
    this.target = target;
  }

  /** Reads it; one with names for addresses has no members. */
  Slice read(SliceJson json) {
    boolean isIpv6 = "IPv6".equals(json.addressType());
    List<EndpointJson> endpoints = present(json.endpoints());
    if (!isIpv6 && !"IPv4".equals(json.addressType())) {
      return new Slice(false, List.of(), Set.of());
    }
    Integer port = port(json);
    if (port == null) {
      return new Slice(isIpv6, List.of(), endpoints.isEmpty() ? Set.of() : portsOf(json));
    }
    List<Member> members = new ArrayList<>();
    for (EndpointJson endpoint : endpoints) {
      InetAddress ip = address(endpoint, isIpv6);
      if (ip != null) {
        members.add(member(endpoint, new InetSocketAddress(ip, port)));
      }
    }
    return new Slice(isIpv6, List.copyOf(members), Set.of());
  }

  /**
   * The number of the target's port in this slice, which may differ between slices. A port without
   * a number stands for all.
   */
  private @Nullable Integer port(SliceJson json) {
    List<PortJson> ports = tcp(json);
    String wanted = target.port();
    if (wanted == null) {
      return ports.size() == 1 ? ports.get(0).port() : null;
    }
    boolean hasAll = present(json.ports()).stream().anyMatch(port -> port.port() == null);
    return ports.stream()
        .filter(port -> wanted.equals(port.name()) || wanted.equals(String.valueOf(port.port())))
        .map(PortJson::port)
        .findFirst()
        .orElse(hasAll && NUMBER.matcher(wanted).matches() ? Integer.valueOf(wanted) : null);
  }

  private static List<PortJson> tcp(SliceJson json) {
    return present(json.ports()).stream()
        .filter(port -> port.port() != null && port.port() >= 1 && port.port() <= 65535)
        .filter(port -> port.protocol() == null || port.protocol().equals("TCP"))
        .toList();
  }

  private static Set<String> portsOf(SliceJson json) {
    Set<String> ports =
        tcp(json).stream()
            .map(
                port ->
                    port.name() == null || port.name().isEmpty()
                        ? String.valueOf(port.port())
                        : port.name() + " (" + port.port() + ")")
            .collect(Collectors.toCollection(TreeSet::new));
    return ports.isEmpty() ? Set.of("no port at all") : ports;
  }

  private static Member member(EndpointJson json, InetSocketAddress address) {
    Conditions conditions = json.conditions();
    boolean ready = conditions == null || !Boolean.FALSE.equals(conditions.ready());
    boolean terminating = conditions != null && Boolean.TRUE.equals(conditions.terminating());
    boolean serving =
        (conditions == null || conditions.serving() == null) ? ready : conditions.serving();
    Use use = ready ? Use.READY : (serving && terminating ? Use.TERMINATING : Use.NOT);
    return new Member(endpoint(json, address, terminating), use);
  }

  private static Endpoint endpoint(
      EndpointJson json, InetSocketAddress address, boolean terminating) {
    Endpoint endpoint =
        Endpoint.of(address)
            .withZone(json.zone() == null ? "" : json.zone())
            .withName(name(json))
            .withCondition(terminating ? Condition.DRAINING : Condition.SERVING);
    if (json.nodeName() != null) {
      endpoint = endpoint.withAttribute(NODE, json.nodeName());
    }
    String zones = hints(json);
    return zones.isEmpty() ? endpoint : endpoint.withAttribute(HINTS, zones);
  }

  /** The pod's, which a StatefulSet keeps over changes of address. */
  private static String name(EndpointJson json) {
    if (json.targetRef() != null && json.targetRef().name() != null) {
      return json.targetRef().name();
    }
    return json.hostname() == null ? "" : json.hostname();
  }

  private static String hints(EndpointJson json) {
    return json.hints() == null
        ? ""
        : present(json.hints().forZones()).stream()
            .map(zone -> zone.name() == null ? "" : zone.name())
            .collect(Collectors.joining(","));
  }

  /** Null where it is none of its family: what is no address must not become a question to DNS. */
  private static @Nullable InetAddress address(EndpointJson json, boolean isIpv6) {
    List<String> addresses = present(json.addresses());
    if (addresses.isEmpty() || !(isIpv6 ? IPV6 : IPV4).matcher(addresses.get(0)).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(addresses.get(0));
    } catch (UnknownHostException notAnAddress) {
      return null;
    }
  }

  private static <T> List<T> present(@Nullable List<@Nullable T> list) {
    List<T> present = new ArrayList<>();
    if (list != null) {
      list.stream().filter(Objects::nonNull).forEach(present::add);
    }
    return present;
  }
}
