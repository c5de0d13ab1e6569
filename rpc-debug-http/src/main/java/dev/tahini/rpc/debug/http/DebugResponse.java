package dev.tahini.rpc.debug.http;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers. Immutable, but for its {@link Events}.
 *
 * @param status such as 200
 * @param headers to be sent as they are; {@code Content-Length} and {@code Connection} are the
 *     server's to add
 * @param body the whole body; empty where there are events, which then follow the headers
 * @param events what a server sends piece by piece until the reader leaves, or null
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and handed to the network as it is
public record DebugResponse(
    int status, Map<String, String> headers, byte[] body, @Nullable Events events) {

  /**
   * Server-sent events, a piece at a time. Not thread-safe: one reader's.
   *
   * <p>A server that holds connections open asks once a second. One that cannot answers with the
   * first piece and ends: the browser comes back a second later.
   */
  public interface Events {
    /**
     * What is new since it was asked last.
     *
     * @return one event in the format of {@code text/event-stream}
     */
    byte[] next();
  }

  /** Copies the headers, in their order. */
  public DebugResponse {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    requireNonNull(body, "body");
  }

  static DebugResponse of(int status, Map<String, String> headers, byte[] body) {
    return new DebugResponse(status, headers, body, null);
  }

  static DebugResponse text(int status, String text) {
    return of(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The same with more headers. */
  DebugResponse with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new DebugResponse(status, all, body, events);
  }
}
