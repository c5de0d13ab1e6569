package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Endpoints for tests, by number: 1 is 10.0.0.1:80. */
public final class Endpoints {
  public static final Endpoint A = endpoint(1);
  public static final Endpoint B = endpoint(2);
  public static final Endpoint C = endpoint(3);
  public static final Endpoint D = endpoint(4);

  private Endpoints() {}

  /** The endpoint of a number. */
  public static Endpoint endpoint(int number) {
    byte[] ip = {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    try {
      return Endpoint.of(new InetSocketAddress(InetAddress.getByAddress(ip), 80));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Those of the numbers from 1 on. */
  public static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      endpoints.add(endpoint(number));
    }
    return endpoints;
  }

  /** The endpoint of an address as it is written: {@code ip:port}, {@code [ip]:port}, or a name. */
  public static Endpoint at(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon);
    int port = Integer.parseInt(address.substring(colon + 1));
    boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
    return Endpoint.of(
        literal
            ? new InetSocketAddress(host, port)
            : InetSocketAddress.createUnresolved(host, port));
  }

  /** The same, about to leave. */
  public static Endpoint draining(Endpoint endpoint) {
    return endpoint.withCondition(Endpoint.Condition.DRAINING);
  }
}
