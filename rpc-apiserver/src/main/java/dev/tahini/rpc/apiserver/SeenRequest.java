package dev.tahini.rpc.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * A request that came in, refused or not. Immutable.
 *
 * @param method such as {@code GET}
 * @param path without the query
 * @param query as sent, escapes and all; empty if there was none
 * @param token the bearer token, or null
 * @param isWebSocket whether it wanted to open a WebSocket, which it never may
 */
public record SeenRequest(
    String method, String path, String query, @Nullable String token, boolean isWebSocket) {
  /** Whether it asks for a watch, in plain HTTP. */
  public boolean isWatch() {
    return !isWebSocket && Query.parse(query).verb() == Verb.WATCH;
  }
}
