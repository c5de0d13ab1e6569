package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One list of hosts of a golden file, which was made by running a peer's own code. */
record Golden(String name, JsonObject json) {

  static Stream<Golden> read(String file) {
    return lines(file).map(json -> new Golden(nameOf(json).getAsString(), json));
  }

  /** The constants of Envoy's tests are known by where they stand. */
  private static JsonElement nameOf(JsonObject json) {
    return json.get(json.has("name") ? "name" : "source");
  }

  static Stream<JsonObject> lines(String file) {
    try (InputStream in = Golden.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
      return text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String field) {
    return json.has(field);
  }

  int number(String field) {
    return json.get(field).getAsInt();
  }

  String text(String field) {
    return json.get(field).getAsString();
  }

  List<String> texts(String field) {
    return texts(json.get(field));
  }

  static List<String> texts(JsonElement array) {
    return elements(array).map(JsonElement::getAsString).toList();
  }

  List<Integer> numbers(String field) {
    return elements(json.get(field)).map(JsonElement::getAsInt).toList();
  }

  /** The objects of a field; none if there is no such field. */
  List<JsonObject> objects(String field) {
    return has(field)
        ? elements(json.get(field)).map(JsonElement::getAsJsonObject).toList()
        : List.of();
  }

  static Stream<JsonElement> elements(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false);
  }

  /** The entries of a field; none if there is no such field. */
  Map<String, String> entries(String field) {
    Map<String, String> entries = new LinkedHashMap<>();
    if (has(field)) {
      json.getAsJsonObject(field)
          .entrySet()
          .forEach(entry -> entries.put(entry.getKey(), entry.getValue().getAsString()));
    }
    return entries;
  }

  /** What is hashed for each host: its hash key if it has one, else the host. */
  List<String> identities() {
    List<String> identities = new ArrayList<>(texts("hosts"));
    if (has("hashKeys")) {
      List<String> hashKeys = texts("hashKeys");
      for (int i = 0; i < identities.size(); i++) {
        if (!hashKeys.get(i).isEmpty()) {
          identities.set(i, hashKeys.get(i));
        }
      }
    }
    return identities;
  }

  /** In the order of the file. No weights, or a weight of 0, are weights of 1. */
  List<Integer> weights() {
    return has("weights") && !json.get("weights").isJsonNull()
        ? numbers("weights").stream().map(weight -> Math.max(1, weight)).toList()
        : texts("hosts").stream().map(host -> 1).toList();
  }

  /** In the order of the file. */
  List<Host> hosts() {
    List<String> identities = identities();
    List<Integer> weights = weights();
    return IntStream.range(0, identities.size())
        .mapToObj(i -> new Host(identities.get(i), weights.get(i), i))
        .toList();
  }

  /**
   * In the order of the file; hosts are {@code ip:port}, {@code [ip]:port} or {@code name:port}.
   */
  List<Endpoint> endpoints() {
    List<String> hosts = texts("hosts");
    List<Integer> weights = weights();
    return IntStream.range(0, hosts.size())
        .mapToObj(i -> Endpoints.at(hosts.get(i)).withWeight(weights.get(i)))
        .toList();
  }

  static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String hex(long hash) {
    return HexFormat.of().toHexDigits(hash);
  }

  /** The display name of a test. */
  @Override
  public String toString() {
    return name;
  }
}
