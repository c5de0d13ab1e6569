package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One server of a service, as a {@link Discovery} lists it. Its address is its identity: two
 * endpoints with one address are the same backend, whatever else changed. Immutable.
 *
 * <p>Start from {@link #of(SocketAddress)} and add what is known with the {@code with} methods.
 *
 * @param address where it listens: an IP address with a port, or an in-process address
 * @param weight its share of calls and keys against the others'; at least 1, and 1 where the source
 *     has no weights
 * @param zone where it runs, such as {@code "europe-west1-b"}; empty if unknown
 * @param condition whether it takes new calls
 * @param name its name, such as the pod's; empty if it has none
 * @param attributes what else the source says of it; for pickers and pages, not read by this
 *     library
 */
public record Endpoint(
    SocketAddress address,
    int weight,
    String zone,
    Condition condition,
    String name,
    Map<String, String> attributes) {

  @EquivalentAddressGroup.Attr
  private static final Attributes.Key<Endpoint> KEY =
      Attributes.Key.create("dev.tahini.rpc.Endpoint");

  /** Whether an endpoint takes new calls. */
  public enum Condition {
    /** It takes calls. */
    SERVING,
    /**
     * It is about to leave: it gets new calls only when nothing else is left, and keeps its keys.
     */
    DRAINING
  }

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidValueException if the weight is below 1, or the name has no UTF-8 form
   */
  public Endpoint {
    requireNonNull(address, "address");
    requireNonNull(zone, "zone");
    requireNonNull(condition, "condition");
    Utf8.require("name", requireNonNull(name, "name"));
    if (weight < 1) {
      throw new InvalidValueException("weight", weight, "1 to 2147483647");
    }
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * A serving endpoint of weight 1, of which nothing but the address is known.
   *
   * @param address where it listens
   * @return the endpoint
   */
  public static Endpoint of(SocketAddress address) {
    return new Endpoint(address, 1, "", Condition.SERVING, "", Map.of());
  }

  /**
   * The endpoint that a gRPC address group carries: the one that {@link #toAddressGroup} put there,
   * else one made of the group's first address, as other name resolvers list them.
   *
   * @param group an address group of a resolver's answer
   * @return its endpoint
   */
  public static Endpoint of(EquivalentAddressGroup group) {
    Endpoint carried = group.getAttributes().get(KEY);
    return carried != null ? carried : of(group.getAddresses().get(0));
  }

  /**
   * This endpoint as gRPC's name resolution carries it. {@link #of(EquivalentAddressGroup)} is the
   * way back.
   *
   * @return a group of the one address, with this endpoint among its attributes
   */
  public EquivalentAddressGroup toAddressGroup() {
    return new EquivalentAddressGroup(address, Attributes.newBuilder().set(KEY, this).build());
  }

  /**
   * The address as this library writes it everywhere: {@code 10.0.0.7:8080}, {@code
   * [2001:db8::1]:80} (RFC 5952); an address of another kind as its {@code toString()}. {@link
   * Pick#address} takes it, shard maps hash it.
   *
   * @return the address's text
   */
  public String addressText() {
    return AddressText.of(address);
  }

  /** The address first, then what is known beyond it. */
  @Override
  public String toString() {
    return addressText()
        + (weight == 1 ? "" : " weight=" + weight)
        + (zone.isEmpty() ? "" : " zone=" + zone)
        + (condition == Condition.SERVING ? "" : " " + condition)
        + (name.isEmpty() ? "" : " name=" + name)
        + (attributes.isEmpty() ? "" : " " + attributes);
  }

  /**
   * The same with another weight.
   *
   * @param weight at least 1
   * @return the changed copy
   * @throws InvalidValueException if the weight is below 1
   */
  public Endpoint withWeight(int weight) {
    return new Endpoint(address, weight, zone, condition, name, attributes);
  }

  /**
   * The same in another zone.
   *
   * @param zone where it runs; empty if unknown
   * @return the changed copy
   */
  public Endpoint withZone(String zone) {
    return new Endpoint(address, weight, zone, condition, name, attributes);
  }

  /**
   * The same in another condition.
   *
   * @param condition whether it takes new calls
   * @return the changed copy
   */
  public Endpoint withCondition(Condition condition) {
    return new Endpoint(address, weight, zone, condition, name, attributes);
  }

  /**
   * The same under another name.
   *
   * @param name such as the pod's; empty if it has none
   * @return the changed copy
   * @throws InvalidValueException if it has no UTF-8 form
   */
  public Endpoint withName(String name) {
    return new Endpoint(address, weight, zone, condition, name, attributes);
  }

  /**
   * The same with one attribute more, or another value of one.
   *
   * @param key the attribute's name
   * @param value its value
   * @return the changed copy
   */
  public Endpoint withAttribute(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(key, value);
    return new Endpoint(address, weight, zone, condition, name, more);
  }
}
