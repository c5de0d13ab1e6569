package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CallLogTest {
  private final List<RecordedAttempt> attempts = new ArrayList<>();

  private void attempt(String backend, @Nullable Long call, int number, @Nullable String key) {
    attempt(backend, call, number, key, Status.OK);
  }

  private void attempt(
      String backend,
      @Nullable Long call,
      int number,
      @Nullable String key,
      @Nullable Status status) {
    attempts.add(
        new RecordedAttempt(
            attempts.size(),
            backend,
            "test.Echo/Echo",
            call,
            number,
            key == null ? null : "shard",
            key,
            new Metadata(),
            status));
  }

  private CallLog log() {
    return new CallLog(List.of("a", "b", "c"), attempts);
  }

  private static String failure(Executable assertion) {
    return String.valueOf(assertThrows(AssertionError.class, assertion).getMessage());
  }

  private static String beginning(String text, String until) {
    return text.substring(0, text.indexOf(until));
  }

  @Test
  void attemptsOfOneCallAreOneCall() {
    attempt("a", 7L, 1, null);
    attempt("b", 8L, 1, null);
    attempt("c", 7L, 2, null);

    List<RecordedCall> calls = log().calls();

    assertEquals(List.of("a", "c"), calls.get(0).backends());
    assertEquals(List.of("b"), calls.get(1).backends());
    calls.get(0).assertWentTo("a", "c");
    assertEquals("c", calls.get(0).last().backend());
  }

  @Test
  void attemptOfAForeignClientIsACallOfItsOwn() {
    attempt("a", null, 1, null);
    attempt("a", null, 1, null);

    assertEquals(2, log().calls().size());
  }

  @Test
  void attemptsThatWentElsewhereAreShown() {
    attempt("a", 1L, 1, null);
    attempt("b", 1L, 2, null);

    String said = failure(() -> log().onlyCall().assertWentTo("a", "c"));

    assertEquals("attempts went to [a, b] (expected: [a, c])", beginning(said, " [#"));
  }

  @Test
  void onlyCallIsTheOnlyOne() {
    assertEquals("calls: 0 (expected: 1) []", failure(() -> log().onlyCall()));
  }

  @Test
  void attemptsPerBackendAreCountedAlsoWhereThereAreNone() {
    attempt("a", 1L, 1, null);
    attempt("a", 2L, 1, null);
    attempt("b", 3L, 1, null);

    assertEquals(Map.of("a", 2L, "b", 1L, "c", 0L), log().perBackend());
    log().assertPerBackend(Map.of("a", 2, "b", 1));
    assertEquals(
        "attempts per backend: {a=2, b=1, c=0} (expected: {a=3, b=0, c=0})",
        failure(() -> log().assertPerBackend(Map.of("a", 3))));
  }

  @Test
  void shareIsJudgedWithTheSizeOfTheSample() {
    IntStream.range(0, 60).forEach(i -> attempt("a", (long) i, 1, null));
    IntStream.range(60, 100).forEach(i -> attempt("b", (long) i, 1, null));

    log().assertShare("a", 0.5, 0.1).assertShare("c", 0, 0);
    assertEquals(
        "share of a: 0.600 of 100 attempts (expected: 0.500 ± 0.050, of which chance alone makes"
            + " ± 0.050) {a=60, b=40, c=0}",
        failure(() -> log().assertShare("a", 0.5, 0.05)));
  }

  @Test
  void noAttemptIsNoShare() {
    assertEquals(
        "share of a: no attempt has arrived anywhere", failure(() -> log().assertShare("a", 0, 1)));
  }

  @Test
  void backendThatThereIsNotIsNamed() {
    attempt("a", 1L, 1, null);

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> log().assertShare("z", 0, 1));
    assertThrows(InvalidValueException.class, () -> log().assertPerBackend(Map.of("a", 1, "z", 0)));

    assertEquals("backend: z (expected: one of [a, b, c])", e.getMessage());
  }

  @Test
  void manyCallsAreNotAllShown() {
    IntStream.range(0, 1_000).forEach(i -> attempt("a", (long) i, 1, null));

    String said = failure(() -> log().onlyCall());

    assertTrue(said.endsWith(" and 990 more"), said);
    assertTrue(said.length() < 1_000, () -> said.length() + " characters");
  }

  @Test
  void callsOfForeignClientsAreSuspected() {
    attempt("a", null, 1, null);
    attempt("a", null, 1, null);

    String said = failure(() -> log().onlyCall());

    assertTrue(said.contains(".feature(cluster.feature())"), said);
  }

  @Test
  void keysAreStickyIfEachGoesToOneBackend() {
    attempt("a", 1L, 1, "x");
    attempt("b", 2L, 1, "y");
    attempt("a", 3L, 1, "x");
    attempt("c", 3L, 2, "x"); // a second attempt may go elsewhere

    log().assertKeysSticky();
    assertEquals(Set.of("x", "y"), log().keys());
    attempt("b", 4L, 1, "x");
    assertEquals(
        "keys that went to several backends: 1 of 2 (expected: 0) {x=[a, b]}",
        failure(() -> log().assertKeysSticky()));
  }

  @Test
  void withoutKeysNothingIsSticky() {
    attempt("a", 1L, 1, null);

    assertEquals(
        "calls with a key: 0 of 1 (expected: some)", failure(() -> log().assertKeysSticky()));
  }

  @Test
  void openAttemptsAreShown() {
    attempt("a", 1L, 1, null);
    log().assertNoneOpen();
    attempt("b", 2L, 1, null, null);

    String said = failure(() -> log().assertNoneOpen());

    assertEquals("open attempts: 1 (expected: 0)", beginning(said, " [#"));
  }

  @Test
  void laterPartOfALogIsWhatCameSince() {
    attempt("a", 1L, 1, null);
    CallLog before = log();
    attempt("b", 2L, 1, null);

    log().since(before).assertPerBackend(Map.of("b", 1));
    log().only(a -> a.backend().equals("a")).assertPerBackend(Map.of("a", 1));
  }
}
