package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a scheme knows of an endpoint.
 *
 * @param identity what is hashed for it
 * @param weight its share against the others'
 * @param index of the endpoint in its list
 */
record Host(String identity, int weight, int index) {
  private static final Comparator<String> BYTEWISE =
      Comparator.comparing(text -> text.getBytes(UTF_8), Arrays::compareUnsigned);

  /**
   * The hosts of a list whose order does not matter: ascending by the bytes of their identities in
   * UTF-8, unsigned. Those of one identity stand in the order of their addresses' texts, then of
   * their weights.
   *
   * @throws InvalidValueException if there are none
   */
  static List<Host> sorted(List<Endpoint> endpoints, Function<Endpoint, String> identity) {
    if (endpoints.isEmpty()) {
      throw new InvalidValueException("endpoints", "0 of them", "1 or more");
    }
    return IntStream.range(0, endpoints.size())
        .mapToObj(i -> new Host(identity.apply(endpoints.get(i)), endpoints.get(i).weight(), i))
        .sorted(
            Comparator.comparing(Host::identity, BYTEWISE)
                .thenComparing(host -> endpoints.get(host.index()).addressText(), BYTEWISE)
                .thenComparingInt(Host::weight))
        .toList();
  }

  /** An endpoint's IP address without port and brackets; the whole text of any other address. */
  static String ip(Endpoint endpoint) {
    String text = endpoint.addressText();
    if (!(endpoint.address() instanceof InetSocketAddress)) {
      return text;
    }
    String ip = text.substring(0, text.lastIndexOf(':'));
    return ip.startsWith("[") ? ip.substring(1, ip.length() - 1) : ip;
  }

  /** Each host's part of the sum of all weights. */
  static double[] normalizedWeights(List<Host> hosts) {
    double sum = hosts.stream().mapToLong(Host::weight).sum();
    return hosts.stream().mapToDouble(host -> host.weight() / sum).toArray();
  }
}
