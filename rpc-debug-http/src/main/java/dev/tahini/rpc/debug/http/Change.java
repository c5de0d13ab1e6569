package dev.tahini.rpc.debug.http;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a client's list or to a connection.
 *
 * @param at when; of several alike, when the first of them
 * @param what such as {@code "added"}
 * @param addresses of the first few backends it happened to
 * @param more how many others it happened to
 * @param why an error in words, or null
 * @param times how often in a row
 */
record Change(
    Instant at, String what, List<String> addresses, int more, @Nullable String why, int times) {
  private static final int FEW = 10;

  static Change of(Instant at, String what, List<String> addresses, @Nullable String why) {
    List<String> few = List.copyOf(addresses.subList(0, Math.min(FEW, addresses.size())));
    return new Change(at, what, few, addresses.size() - few.size(), why, 1);
  }

  boolean isLike(Change other) {
    return what.equals(other.what) && addresses.equals(other.addresses) && more == other.more;
  }

  /** Again, for what is now the reason. */
  Change again(Change later) {
    return new Change(at, what, addresses, more, later.why, times + 1);
  }
}
