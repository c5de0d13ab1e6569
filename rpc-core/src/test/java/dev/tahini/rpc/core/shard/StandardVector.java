package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import dev.tahini.rpc.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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

  static List<StandardVector> all() throws IOException {
    Gson gson = new Gson();
    try (InputStream file = StandardVector.class.getResourceAsStream(FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(Objects.requireNonNull(file), UTF_8))) {
      return lines.lines().map(line -> gson.fromJson(line, StandardVector.class)).toList();
    }
  }

  /** The hosts, with their weights; what is no address is an endpoint's name. */
  List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      String host = hosts.get(i);
      int weight = weights == null ? 1 : weights.get(i);
      Endpoint endpoint =
          host.contains(":") ? Endpoints.at(host) : Endpoints.endpoint(i + 1).withName(host);
      endpoints.add(endpoint.withWeight(weight));
    }
    return endpoints;
  }

  /** What a vector knows an endpoint by. */
  static String identity(Endpoint endpoint) {
    return endpoint.name().isEmpty() ? endpoint.addressText() : endpoint.name();
  }

  @Override
  public String toString() {
    return name;
  }
}
