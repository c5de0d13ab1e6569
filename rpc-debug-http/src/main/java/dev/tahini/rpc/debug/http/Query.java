package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.InvalidValueException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a page.
 *
 * @param target only clients of this target, or null for all
 * @param search only backends in whose row this stands, or empty
 * @param sort the column to sort by, or null for discovery's order
 * @param key a shard key whose way is asked for, or null
 * @param backend the one backend that is asked for, by its id, or null
 * @param refreshSeconds how often the browser asks again; 0 for never
 */
record Query(
    @Nullable String target,
    String search,
    @Nullable SortColumn sort,
    @Nullable String key,
    @Nullable String backend,
    int refreshSeconds) {
  private static final int LONGEST_REFRESH = 3_600;
  private static final List<String> NAMES =
      List.of("backend", "key", "refresh", "search", "sort", "target");

  static final Query ALL = new Query(null, "", null, null, null, 0);

  /**
   * Reads a query.
   *
   * @throws InvalidValueException if there is anything in it that is not understood
   */
  static Query parse(String query) {
    Map<String, String> values = new LinkedHashMap<>();
    decoded(query).forEach((name, all) -> values.put(name, only(name, all)));
    String sort = values.getOrDefault("sort", "");
    return new Query(
        nonEmpty(values.get("target")),
        values.getOrDefault("search", "").strip(),
        sort.isEmpty() ? null : SortColumn.named(sort),
        nonEmpty(values.get("key")),
        nonEmpty(values.get("backend")),
        refresh(values.getOrDefault("refresh", "")));
  }

  private static Map<String, List<String>> decoded(String query) {
    try {
      return new QueryStringDecoder("?" + query).parameters();
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("query", Shown.of(query), "percent-encoded UTF-8");
    }
  }

  private static String only(String name, List<String> values) {
    if (!NAMES.contains(name)) {
      throw new InvalidValueException("parameter", Shown.of(name), String.join(", ", NAMES));
    }
    if (values.size() > 1) {
      throw new InvalidValueException(name, values.size() + " times", "once");
    }
    return values.get(0);
  }

  private static @Nullable String nonEmpty(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }

  private static int refresh(String value) {
    if (value.isEmpty()) {
      return 0;
    }
    try {
      int seconds = Integer.parseInt(value);
      if (seconds >= 1 && seconds <= LONGEST_REFRESH) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidValueException("refresh", Shown.of(value), "1 to " + LONGEST_REFRESH);
  }

  /** Whether few backends are left of many. */
  boolean isNarrow() {
    return backend != null || !search.isEmpty();
  }

  Optional<SortColumn> sorted() {
    return Optional.ofNullable(sort);
  }
}
