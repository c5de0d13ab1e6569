package dev.tahini.rpc.apiserver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as parsed; the names of headers are in lower case. Immutable. */
record ApiRequest(String method, String path, String query, Map<String, String> headers) {
  private static final String BEARER = "bearer ";

  @Nullable String token() {
    String value = header("authorization");
    return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  boolean isWebSocket() {
    return header("upgrade").equalsIgnoreCase("websocket");
  }

  boolean acceptsGzip() {
    return header("accept-encoding").contains("gzip");
  }

  boolean isLast() {
    return header("connection").equalsIgnoreCase("close");
  }

  private String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
