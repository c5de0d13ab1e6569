package dev.tahini.rpc.discovery.dns;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
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

  /** Of many reasons so many are told. */
  private static final int MOST_REASONS = 4;

  static <T> Resolved<T> found(List<T> values, long ttlSeconds) {
    return new Resolved<>(values, ttlSeconds, null, null);
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

  /** Several, as one look-up. */
  static <T> Resolved<T> all(List<Resolved<T>> parts) {
    return new Resolved<>(
        parts.stream().flatMap(part -> part.values.stream()).toList(),
        parts.stream().mapToLong(Resolved::ttlSeconds).min().orElse(Long.MAX_VALUE),
        joined(parts.stream().map(Resolved::none)),
        joined(parts.stream().map(Resolved::failure)));
  }

  /** The same when all of them have ended. */
  static <T> CompletionStage<Resolved<T>> allOf(List<CompletionStage<Resolved<T>>> parts) {
    List<CompletableFuture<Resolved<T>>> futures =
        parts.stream().map(CompletionStage::toCompletableFuture).toList();
    return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> all(futures.stream().map(CompletableFuture::join).toList()));
  }

  private static @Nullable String joined(Stream<@Nullable String> reasons) {
    List<String> distinct = reasons.filter(Objects::nonNull).distinct().toList();
    if (distinct.isEmpty()) {
      return null;
    }
    int more = distinct.size() - MOST_REASONS;
    return more <= 0
        ? String.join("; ", distinct)
        : String.join("; ", distinct.subList(0, MOST_REASONS)) + "; and " + more + " more";
  }

  /** Whether it is certain that there is nothing. */
  boolean isNone() {
    return values.isEmpty() && failure == null;
  }

  /** Both, as one look-up. */
  Resolved<T> and(Resolved<T> other) {
    return all(List.of(this, other));
  }

  /** The same; a failure tells of what was looked for before it, too. */
  Resolved<T> after(@Nullable Resolved<T> none) {
    return none == null || failure == null
        ? this
        : new Resolved<>(values, ttlSeconds, this.none, failure + "; before that " + none.none());
  }

  /** The same with other values. */
  <U> Resolved<U> with(List<U> others) {
    return new Resolved<>(others, ttlSeconds, none, failure);
  }
}
