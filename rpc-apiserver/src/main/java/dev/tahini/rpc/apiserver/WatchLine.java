package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Makes the lines of a watch, good and bad ones. Stateless. */
final class WatchLine {
  private WatchLine() {}

  static byte[] event(String type, StoredSlice slice) {
    StringBuilder text = new StringBuilder();
    text.append("{\"type\":\"").append(type).append("\",\"object\":");
    slice.appendObject(text);
    return text.append("}\n").toString().getBytes(UTF_8);
  }

  static byte[] bookmark(long version) {
    return raw(
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":"
            + "\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\""
            + version
            + "\",\"creationTimestamp\":null},\"addressType\":\"\",\"endpoints\":null,"
            + "\"ports\":null}}");
  }

  static byte[] error(ApiStatus status) {
    return raw("{\"type\":\"ERROR\",\"object\":" + SliceJson.text(status.toJson()) + "}");
  }

  static byte[] unknown(String type, int paddingBytes) {
    return raw(
        "{\"type\":\""
            + type
            + "\",\"object\":{\"kind\":\"Mystery\",\"apiVersion\":\"v9\",\"padding\":\""
            + "x".repeat(paddingBytes)
            + "\"}}");
  }

  static byte[] raw(String line) {
    return (line + "\n").getBytes(UTF_8);
  }

  /** The first part of an event. */
  static byte[] half() {
    return "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"EndpointSl".getBytes(US_ASCII);
  }

  /** So many bytes of an event without an end. */
  static byte[] endless(int bytes) {
    byte[] start = "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"".getBytes(US_ASCII);
    byte[] all = Arrays.copyOf(start, bytes);
    if (bytes > start.length) {
      Arrays.fill(all, start.length, bytes, (byte) 'x');
    }
    return all;
  }
}
