package dev.tahini.rpc.debug.http;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request for the page, whatever server took it. Immutable.
 *
 * @param method such as {@code GET}
 * @param path as sent, without the query, such as {@code /debug/backends}
 * @param query as sent, without the question mark; empty if there is none
 * @param headers the first value of each, by its name in any case
 * @param remote who asks, or null if it has no IP address
 */
public record DebugRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    @Nullable InetAddress remote) {

  /** Copies the headers. */
  public DebugRequest {
    requireNonNull(method, "method");
    requireNonNull(path, "path");
    requireNonNull(query, "query");
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(copy::putIfAbsent);
    headers = Collections.unmodifiableMap(copy);
  }

  /**
   * A header.
   *
   * @param name in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
