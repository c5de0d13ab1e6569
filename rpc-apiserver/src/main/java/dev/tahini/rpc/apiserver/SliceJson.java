package dev.tahini.rpc.apiserver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the JSON of slices. Stateless. */
final class SliceJson {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final String MANAGED_FIELDS =
      "[{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\",\"apiVersion\":"
          + "\"discovery.k8s.io/v1\",\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\","
          + "\"fieldsV1\":{\"f:addressType\":{},\"f:endpoints\":{},\"f:ports\":{}}}]";

  private SliceJson() {}

  static JsonObject of(FakeSlice slice) {
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", slice.name());
    metadata.addProperty("namespace", slice.namespace());
    JsonObject labels = new JsonObject();
    new TreeMap<>(slice.labels()).forEach(labels::addProperty);
    metadata.add("labels", labels);
    JsonObject json = new JsonObject();
    json.add("metadata", metadata);
    json.addProperty("addressType", slice.addressType());
    json.add("endpoints", arrayOrNull(slice.endpoints(), e -> endpoint(slice, e)));
    json.add("ports", arrayOrNull(slice.ports(), SliceJson::port));
    return json;
  }

  static String text(JsonElement json) {
    return GSON.toJson(json);
  }

  /**
   * What the server makes of it.
   *
   * @param uid the slice's, for all its life
   */
  static StoredSlice stored(JsonObject json, String uid, long generation, long version) {
    JsonObject metadata = metadata(json).deepCopy();
    metadata.remove("resourceVersion");
    metadata.addProperty("uid", uid);
    metadata.addProperty("generation", generation);
    metadata.addProperty("creationTimestamp", "2026-01-01T00:00:00Z");
    metadata.add("managedFields", JsonParser.parseString(MANAGED_FIELDS));
    JsonObject others = json.deepCopy();
    List.of("kind", "apiVersion", "metadata").forEach(others::remove);
    String tail =
        text(metadata).substring(1) + (others.isEmpty() ? "}" : "," + text(others).substring(1));
    return new StoredSlice(
        required(metadata, "namespace"),
        required(metadata, "name"),
        labels(metadata),
        uid,
        generation,
        version,
        tail);
  }

  static String key(JsonObject json) {
    JsonObject metadata = metadata(json);
    return StoredSlice.key(required(metadata, "namespace"), required(metadata, "name"));
  }

  private static JsonObject metadata(JsonObject json) {
    JsonElement metadata = json.get("metadata");
    if (metadata == null || !metadata.isJsonObject()) {
      throw new IllegalArgumentException("metadata: " + metadata + " (expected: an object)");
    }
    return metadata.getAsJsonObject();
  }

  private static String required(JsonObject metadata, String name) {
    JsonElement value = metadata.get(name);
    if (value == null || !value.isJsonPrimitive()) {
      throw new IllegalArgumentException("metadata." + name + ": " + value + " (expected: a name)");
    }
    return value.getAsString();
  }

  private static Map<String, String> labels(JsonObject metadata) {
    Map<String, String> labels = new HashMap<>();
    JsonElement all = metadata.get("labels");
    if (all != null && all.isJsonObject()) {
      all.getAsJsonObject().asMap().forEach((key, value) -> labels.put(key, value.getAsString()));
    }
    return Map.copyOf(labels);
  }

  private static JsonObject endpoint(FakeSlice slice, FakeEndpoint endpoint) {
    JsonObject json = new JsonObject();
    json.add("addresses", array(endpoint.addresses(), JsonPrimitive::new));
    JsonObject conditions = new JsonObject();
    addFlag(conditions, "ready", endpoint.ready());
    addFlag(conditions, "serving", endpoint.serving());
    addFlag(conditions, "terminating", endpoint.terminating());
    json.add("conditions", conditions);
    addText(json, "nodeName", endpoint.node());
    addText(json, "zone", endpoint.zone());
    if (endpoint.pod() != null) {
      JsonObject target = new JsonObject();
      target.addProperty("kind", "Pod");
      target.addProperty("namespace", slice.namespace());
      target.addProperty("name", endpoint.pod());
      json.add("targetRef", target);
    }
    if (!endpoint.hints().isEmpty()) {
      JsonObject hints = new JsonObject();
      hints.add("forZones", array(endpoint.hints(), SliceJson::zone));
      json.add("hints", hints);
    }
    return json;
  }

  private static JsonObject zone(String name) {
    JsonObject zone = new JsonObject();
    zone.addProperty("name", name);
    return zone;
  }

  private static JsonObject port(FakePort port) {
    JsonObject json = new JsonObject();
    addText(json, "name", port.name());
    addText(json, "protocol", port.protocol());
    if (port.number() != null) {
      json.addProperty("port", port.number());
    }
    return json;
  }

  private static void addText(JsonObject json, String name, @Nullable String value) {
    if (value != null) {
      json.addProperty(name, value);
    }
  }

  private static void addFlag(JsonObject json, String name, @Nullable Boolean value) {
    if (value != null) {
      json.addProperty(name, value);
    }
  }

  private static <T> JsonElement arrayOrNull(List<T> values, Function<T, JsonElement> json) {
    return values.isEmpty() ? JsonNull.INSTANCE : array(values, json);
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonElement> json) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }
}
