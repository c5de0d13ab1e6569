package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the page leads: relative, so that it may lie under any path, and with what was asked. */
final class Links {
  private final Query query;

  Links(Query query) {
    this.query = query;
  }

  String sort(SortColumn column) {
    return with("sort", column.parameter());
  }

  String refresh(int seconds) {
    return with("refresh", Integer.toString(seconds));
  }

  String backend(String id) {
    return "?backend=" + URLEncoder.encode(id, UTF_8);
  }

  String target(String target) {
    return "?target=" + URLEncoder.encode(target, UTF_8);
  }

  String json() {
    return "backends.json?" + encoded(asked());
  }

  String metrics() {
    return "backends/metrics?" + encoded(asked());
  }

  /** Empty where the browser asks again by itself. */
  String stream() {
    return query.refreshSeconds() > 0 ? "" : "backends/stream?" + encoded(asked());
  }

  private String with(String name, String value) {
    Map<String, String> all = asked();
    all.put(name, value);
    return "?" + encoded(all);
  }

  private Map<String, String> asked() {
    Map<String, String> all = new LinkedHashMap<>();
    put(all, "target", query.target());
    put(all, "search", query.search());
    put(all, "sort", query.sorted().map(SortColumn::parameter).orElse(""));
    put(all, "key", query.key());
    put(all, "backend", query.backend());
    put(
        all,
        "refresh",
        query.refreshSeconds() == 0 ? "" : Integer.toString(query.refreshSeconds()));
    return all;
  }

  private static void put(Map<String, String> all, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      all.put(name, value);
    }
  }

  private static String encoded(Map<String, String> all) {
    return all.entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }
}
