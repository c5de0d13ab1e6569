package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of hosts and what the standard map makes of it: a line of {@code standard.jsonl}, which
 * {@code docs/shard-map.md} describes.
 */
record StandardVector(
    String name,
    List<String> hosts,
    @Nullable List<Integer> weights,
    String sha256,
    @Nullable List<Integer> slotsPerHost,
    Map<String, String> owners,
    Map<String, List<String>> orders) {
  static final String FILE = "standard.jsonl";

  /** An endpoint that is known by a name. */
  private static final class NamedAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final String name;

    NamedAddress(String name) {
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NamedAddress that && that.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<StandardVector> all() throws IOException {
    Gson gson = new Gson();
    try (InputStream file = StandardVector.class.getResourceAsStream(FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(Objects.requireNonNull(file), UTF_8))) {
      return lines.lines().map(line -> gson.fromJson(line, StandardVector.class)).toList();
    }
  }

  /** The hosts, with their weights. */
  List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      int weight = weights == null ? 1 : weights.get(i);
      endpoints.add(endpoint(hosts.get(i)).withWeight(weight));
    }
    return endpoints;
  }

  private static Endpoint endpoint(String host) {
    if (!host.contains(":")) {
      return Endpoint.of(new NamedAddress(host));
    }
    HostPort parts = HostPort.parse(host);
    int port = Integer.parseInt(Objects.requireNonNull(parts.port()));
    try {
      InetAddress ip = InetAddress.getByName(parts.host()); // a literal: asks nobody
      return Endpoint.of(new InetSocketAddress(ip, port));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
