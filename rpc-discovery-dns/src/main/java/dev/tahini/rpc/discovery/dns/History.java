package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a watch has delivered, and what it was told since: decides what becomes of the next look-up.
 * Immutable.
 *
 * @param list the last list delivered, or null if there was none
 * @param noneInARow how many look-ups in a row said that there are no endpoints
 * @param noneSinceNanos when the first of these was, on the ticker
 * @param failuresInARow how many look-ups in a row failed, also in part
 */
record History(
    @Nullable Set<Endpoint> list, int noneInARow, long noneSinceNanos, int failuresInARow) {

  static final History NEW = new History(null, 0, 0, 0);

  /** A wait is shortened or prolonged by up to this part of itself. */
  private static final int JITTER_PART = 10;

  private static final int MOST_DOUBLINGS = 30;

  /**
   * What follows from a look-up.
   *
   * @param history what is known from now on
   * @param delivered the list to deliver, or null if it is the old one
   * @param error what to tell the listener, be it why the list is empty, or null
   * @param isConfirmed whether the list is as the source has it
   * @param delay until the next look-up
   */
  record Step(
      History history,
      @Nullable List<Endpoint> delivered,
      @Nullable String error,
      boolean isConfirmed,
      Delay delay) {}

  /** Whether the last list delivered has any. */
  boolean hasEndpoints() {
    return list != null && !list.isEmpty();
  }

  /** Decides; the time is the ticker's. */
  Step next(Resolved<Endpoint> found, long nowNanos, DnsOptions options) {
    if (found.failure() != null) {
      return failed(found, found.failure(), options);
    }
    if (found.values().isEmpty()) {
      return none(found, nowNanos, options);
    }
    return step(
        found.values(), new History(asSet(found), 0, 0, 0), null, true, afterTtl(found, options));
  }

  /** What is known in spite of the failure is delivered; a failure alone changes nothing. */
  private Step failed(Resolved<Endpoint> found, String error, DnsOptions options) {
    int failures = failuresInARow + 1;
    Delay backoff = backoff(failures, options);
    if (found.values().isEmpty()) {
      return new Step(new History(list, 0, 0, failures), null, error, false, backoff);
    }
    Delay delay = sooner(backoff, afterTtl(found, options));
    return step(found.values(), new History(asSet(found), 0, 0, failures), error, false, delay);
  }

  private Step none(Resolved<Endpoint> found, long nowNanos, DnsOptions options) {
    int count = noneInARow + 1;
    long since = noneInARow == 0 ? nowNanos : noneSinceNanos;
    boolean isEmptyAlready = list != null && list.isEmpty();
    boolean isCertain =
        count >= options.emptyAnswers() && nowNanos - since >= options.emptyAfter().toNanos();
    if (isEmptyAlready || isCertain) {
      History empty = new History(Set.of(), count, since, 0);
      return step(List.of(), empty, found.none(), true, afterTtl(found, options));
    }
    String error =
        "%s (believed after %d such answers in a row and %d ms; this is number %d)"
            .formatted(
                found.none(), options.emptyAnswers(), options.emptyAfter().toMillis(), count);
    return new Step(
        new History(list, count, since, 0), null, error, false, untilRepeated(found, options));
  }

  private Step step(
      List<Endpoint> values,
      History next,
      @Nullable String error,
      boolean isConfirmed,
      Delay delay) {
    boolean isNew = list == null || !list.equals(next.list());
    return new Step(next, isNew ? values : null, error, isConfirmed || isNew, delay);
  }

  private static Set<Endpoint> asSet(Resolved<Endpoint> found) {
    return new LinkedHashSet<>(found.values());
  }

  private static Delay afterTtl(Resolved<?> found, DnsOptions options) {
    return jittered(ttlNanos(found, options), options);
  }

  private static Delay sooner(Delay one, Delay other) {
    return one.toNanos() <= other.toNanos() ? one : other;
  }

  /** So soon that a name that is gone for good is given up in the time that it takes at least. */
  private static Delay untilRepeated(Resolved<?> found, DnsOptions options) {
    long repeatNanos = options.emptyAfter().toNanos() / Math.max(1, options.emptyAnswers() - 1);
    long nanos =
        Math.max(options.minRefresh().toNanos(), Math.min(ttlNanos(found, options), repeatNanos));
    // Rather later here: the last of them has to be late enough.
    long longest = Math.max(nanos, options.maxRefresh().toNanos());
    return new Delay(nanos, Math.min(nanos + nanos / JITTER_PART, longest));
  }

  private static long ttlNanos(Resolved<?> found, DnsOptions options) {
    long ttlNanos = TimeUnit.SECONDS.toNanos(found.ttlSeconds());
    return Math.max(
        options.minRefresh().toNanos(), Math.min(ttlNanos, options.maxRefresh().toNanos()));
  }

  /** Rather too early than too late, and always between the minimum and the maximum. */
  private static Delay jittered(long nanos, DnsOptions options) {
    long jitter = nanos / JITTER_PART;
    long from = Math.max(options.minRefresh().toNanos(), nanos - jitter);
    return new Delay(from, Math.min(from + jitter, options.maxRefresh().toNanos()));
  }

  private static Delay backoff(int failures, DnsOptions options) {
    long min = options.minRefresh().toNanos();
    long max = options.maxRefresh().toNanos();
    int doublings = Math.min(failures, MOST_DOUBLINGS);
    long nanos = min > (max >> doublings) ? max : min << doublings;
    return new Delay(Math.max(min, nanos / 2), nanos);
  }
}
