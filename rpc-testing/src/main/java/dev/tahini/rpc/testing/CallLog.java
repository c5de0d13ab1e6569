package dev.tahini.rpc.testing;

import static java.util.stream.Collectors.toCollection;

import dev.tahini.rpc.InvalidValueException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the backends of a cluster have received so far, in the order of arrival, and assertions on
 * it that say what they saw. Immutable.
 *
 * @param backends the names of all backends, also of those that received nothing
 * @param attempts the oldest first
 */
public record CallLog(List<String> backends, List<RecordedAttempt> attempts) {
  private static final int MOST_SHOWN = 10;

  /** Copies the lists. */
  public CallLog {
    backends = List.copyOf(backends);
    attempts = List.copyOf(attempts);
  }

  /**
   * A part of the log.
   *
   * @param wanted which attempts stay
   * @return the log of those
   */
  public CallLog only(Predicate<? super RecordedAttempt> wanted) {
    return new CallLog(backends, attempts.stream().filter(wanted).toList());
  }

  /**
   * What came after an earlier log was taken.
   *
   * @param earlier of the same cluster, and all of it: what {@link #only} has left out of it after
   *     its last attempt counts as later
   * @return the log of the attempts here that arrived after the last one there
   */
  public CallLog since(CallLog earlier) {
    long last = earlier.attempts.stream().mapToLong(RecordedAttempt::number).max().orElse(-1);
    return only(attempt -> attempt.number() > last);
  }

  /**
   * The calls, each with its attempts. An attempt of a client that is not the cluster's is a call
   * of its own.
   *
   * @return in the order of their first attempts
   */
  public List<RecordedCall> calls() {
    Map<Object, List<RecordedAttempt>> byCall = new LinkedHashMap<>();
    for (RecordedAttempt attempt : attempts) {
      Object call = attempt.call() == null ? attempt : attempt.call();
      byCall.computeIfAbsent(call, first -> new ArrayList<>()).add(attempt);
    }
    return byCall.values().stream().map(RecordedCall::new).toList();
  }

  /**
   * The one call that was made.
   *
   * @return the call
   * @throws AssertionError if there was none, or another
   */
  public RecordedCall onlyCall() {
    List<RecordedCall> calls = calls();
    if (calls.size() != 1) {
      throw new AssertionError(
          "calls: " + calls.size() + " (expected: 1) " + first(calls) + whereUnknown());
    }
    return calls.get(0);
  }

  /** So much as a reader can bear. */
  private static String first(List<?> all) {
    List<?> shown = all.subList(0, Math.min(all.size(), MOST_SHOWN));
    return shown
        + (shown.size() < all.size() ? " and " + (all.size() - shown.size()) + " more" : "");
  }

  private String whereUnknown() {
    return attempts.stream().anyMatch(attempt -> attempt.call() == null)
        ? "; those without a number are of a client without .feature(cluster.feature())"
        : "";
  }

  /**
   * How many attempts each backend has received.
   *
   * @return by name, also those with 0
   */
  public Map<String, Long> perBackend() {
    Map<String, Long> counts = new TreeMap<>();
    backends.forEach(backend -> counts.put(backend, 0L));
    attempts.forEach(attempt -> counts.merge(attempt.backend(), 1L, Long::sum));
    return counts;
  }

  /**
   * Asserts how many attempts each backend has received.
   *
   * @param expected by name; a backend that is not named received none
   * @return this
   * @throws InvalidValueException if there is no backend of a name
   * @throws AssertionError with the counts of all, if they differ
   */
  public CallLog assertPerBackend(Map<String, ? extends Number> expected) {
    Map<String, Long> wanted = new TreeMap<>();
    backends.forEach(backend -> wanted.put(backend, 0L));
    expected.keySet().forEach(this::requireKnown);
    expected.forEach((backend, count) -> wanted.put(backend, count.longValue()));
    Map<String, Long> counts = perBackend();
    if (!counts.equals(wanted)) {
      throw new AssertionError("attempts per backend: " + counts + " (expected: " + wanted + ")");
    }
    return this;
  }

  /**
   * Asserts that a backend received its share of the attempts.
   *
   * @param backend its name
   * @param share from 0 to 1
   * @param tolerance how much more or less is still right, from 0 to 1
   * @return this
   * @throws InvalidValueException if there is no backend of this name
   * @throws AssertionError with the sample's size and the counts of all, if it did not, or if there
   *     is no attempt
   */
  public CallLog assertShare(String backend, double share, double tolerance) {
    requireKnown(backend);
    int size = attempts.size();
    if (size == 0) {
      throw new AssertionError("share of " + backend + ": no attempt has arrived anywhere");
    }
    Map<String, Long> counts = perBackend();
    double actual = counts.getOrDefault(backend, 0L) / (double) size;
    if (Math.abs(actual - share) > tolerance) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "share of %s: %.3f of %d attempts (expected: %.3f ± %.3f, of which chance alone makes"
                  + " ± %.3f) %s",
              backend,
              actual,
              size,
              share,
              tolerance,
              standardDeviation(share, size),
              counts));
    }
    return this;
  }

  /** One that was removed meanwhile is known by what it received. */
  private void requireKnown(String backend) {
    if (!perBackend().containsKey(backend)) {
      throw new InvalidValueException("backend", backend, "one of " + perBackend().keySet());
    }
  }

  /** Of the share of a sample in which each attempt goes there independently of the others. */
  private static double standardDeviation(double share, int size) {
    return Math.sqrt(share * (1 - share) / Math.max(size, 1));
  }

  /**
   * Asserts that calls of equal keys went to one backend each. A call counts where its first
   * attempt went: another attempt may go elsewhere for a reason.
   *
   * @return this
   * @throws AssertionError with the keys that did not, or if no call had a key
   */
  public CallLog assertKeysSticky() {
    Map<String, Set<String>> backendsOf = new TreeMap<>();
    for (RecordedCall call : calls()) {
      String key = call.first().key();
      if (key != null) {
        backendsOf.computeIfAbsent(key, k -> new TreeSet<>()).add(call.first().backend());
      }
    }
    if (backendsOf.isEmpty()) {
      throw new AssertionError(
          "calls with a key: 0 of " + calls().size() + " (expected: some)" + whereUnknown());
    }
    int keys = backendsOf.size();
    backendsOf.values().removeIf(all -> all.size() == 1);
    if (!backendsOf.isEmpty()) {
      throw new AssertionError(
          "keys that went to several backends: "
              + backendsOf.size()
              + " of "
              + keys
              + " (expected: 0) "
              + backendsOf);
    }
    return this;
  }

  /**
   * Asserts that no attempt is still open.
   *
   * @return this
   * @throws AssertionError with those that are
   */
  public CallLog assertNoneOpen() {
    List<RecordedAttempt> open = attempts.stream().filter(a -> a.status() == null).toList();
    if (!open.isEmpty()) {
      throw new AssertionError("open attempts: " + open.size() + " (expected: 0) " + first(open));
    }
    return this;
  }

  /**
   * The keys of all calls, once each.
   *
   * @return in order
   */
  public Set<String> keys() {
    return attempts.stream()
        .flatMap(attempt -> Stream.ofNullable(attempt.key()))
        .collect(toCollection(TreeSet::new));
  }
}
