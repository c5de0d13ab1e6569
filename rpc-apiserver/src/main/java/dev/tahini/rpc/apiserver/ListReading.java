package dev.tahini.rpc.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Answers a list from the slices as they are, or as they were. Guarded by the {@link SliceStore}.
 */
final class ListReading {
  private final NavigableMap<String, StoredSlice> slices;
  private final History history;
  private final long current;

  ListReading(NavigableMap<String, StoredSlice> slices, History history, long current) {
    this.slices = slices;
    this.history = history;
    this.current = current;
  }

  ListAnswer read(SlicePath path, Query query) throws Refusal {
    LabelSelector selector = LabelSelector.parse(query.text("labelSelector"));
    OpenWatch filter = new OpenWatch(path.namespace(), selector, false);
    String token = query.text("continue");
    if (token.isEmpty()) {
      long version = version(query);
      List<StoredSlice> found = at(version).values().stream().filter(filter::wants).toList();
      // A real server answers version 0 from its cache, whole.
      long limit = query.text("resourceVersion").equals("0") ? 0 : query.number("limit");
      return page(found, version, limit, selector);
    }
    if (query.number("resourceVersion") != 0) {
      throw new Refusal(
          ApiStatus.badRequest("specifying resource version is not allowed when using continue"));
    }
    ContinueToken start = unexpired(ContinueToken.parse(token));
    long version = start.version() == ContinueToken.LATEST ? current : start.version();
    List<StoredSlice> found =
        at(version).tailMap(start.last(), false).values().stream().filter(filter::wants).toList();
    return page(found, version, query.number("limit"), selector);
  }

  private long version(Query query) throws Refusal {
    long asked = query.number("resourceVersion");
    if (asked > current) {
      throw new Refusal(ApiStatus.tooLarge(asked, current));
    }
    String match = query.text("resourceVersionMatch");
    boolean isExact = match.equals("Exact") || (match.isEmpty() && query.number("limit") > 0);
    if (asked == 0 || !isExact) {
      return current;
    }
    if (asked < history.floor()) {
      throw new Refusal(ApiStatus.listTooOld());
    }
    return asked;
  }

  private ContinueToken unexpired(ContinueToken token) throws Refusal {
    boolean isKnown = token.version() >= history.floor() && token.version() <= current;
    if (!isKnown && token.version() != ContinueToken.LATEST) {
      throw new Refusal(expired(token));
    }
    return token;
  }

  static ApiStatus expired(ContinueToken token) {
    return ApiStatus.continueTooOld(new ContinueToken(ContinueToken.LATEST, token.last()).encode());
  }

  private NavigableMap<String, StoredSlice> at(long version) {
    if (version == current) {
      return slices;
    }
    NavigableMap<String, StoredSlice> then = new TreeMap<>(slices);
    history.undo(then, version);
    return then;
  }

  private static ListAnswer page(
      List<StoredSlice> found, long version, long limit, LabelSelector selector) {
    if (limit == 0 || found.size() <= limit) {
      return new ListAnswer(version, found, null, null);
    }
    List<StoredSlice> items = new ArrayList<>(found.subList(0, (int) limit));
    String token = new ContinueToken(version, items.get(items.size() - 1).key()).encode();
    Integer remaining = selector.isEmpty() ? found.size() - items.size() : null;
    return new ListAnswer(version, items, token, remaining);
  }
}
