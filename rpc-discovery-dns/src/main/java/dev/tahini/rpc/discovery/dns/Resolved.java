package dev.tahini.rpc.discovery.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;

/**
 * What a look-up found, of perhaps several questions. Immutable.
 *
 * @param values what was found, or is known from before where a question failed
 * @param ttlSeconds the smallest of all answers
 * @param none why there is nothing, where a server said so; else null
 * @param failure why a question was not answered; else null
 */
record Resolved<T>(
    List<T> values, long ttlSeconds, @Nullable String none, @Nullable String failure) {

  /** What other look-ups are added to. */
  static <T> Resolved<T> nothingYet() {
    return new Resolved<>(List.of(), Long.MAX_VALUE, null, null);
  }

  static <T> Resolved<T> none(String why, long ttlSeconds) {
    return new Resolved<>(List.of(), ttlSeconds, why, null);
  }

  static <T> Resolved<T> failed(String why) {
    return new Resolved<>(List.of(), Long.MAX_VALUE, null, why);
  }

  /** Reads an answer; its records become values. */
  static <T> Resolved<T> of(String question, Answer answer, Function<? super Record, T> value) {
    if (answer instanceof Answer.Found found) {
      List<T> values = found.records().stream().map(value).toList();
      String failure = found.failure() == null ? null : question + ": " + found.failure();
      return new Resolved<>(values, found.ttlSeconds(), null, failure);
    }
    if (answer instanceof Answer.None none) {
      return none(question + ": " + none.why(), none.ttlSeconds());
    }
    if (answer instanceof Answer.Failed failed) {
      return failed(question + ": " + failed.why());
    }
    throw new IllegalStateException("an alias is to be followed before: " + answer);
  }

  /** Whether it is certain that there is nothing. */
  boolean isNone() {
    return values.isEmpty() && failure == null;
  }

  /** Both, as one look-up. */
  Resolved<T> and(Resolved<T> other) {
    List<T> both = new ArrayList<>(values);
    both.addAll(other.values);
    return new Resolved<>(
        List.copyOf(both),
        Math.min(ttlSeconds, other.ttlSeconds),
        joined(none, other.none),
        joined(failure, other.failure));
  }

  /** The same with other values. */
  <U> Resolved<U> with(List<U> others) {
    return new Resolved<>(others, ttlSeconds, none, failure);
  }

  private static @Nullable String joined(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.equals(other) ? one : one + "; " + other;
  }
}
