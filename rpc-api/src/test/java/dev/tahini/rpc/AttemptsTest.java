package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private final Backend a = new FakeBackend("10.0.0.1");
  private final Backend b = new FakeBackend("10.0.0.2");

  @Test
  void newCallHasTriedNothing() {
    Attempts attempts = new Attempts();

    assertEquals(0, attempts.size());
    assertEquals(List.of(), attempts.backends());
    assertFalse(attempts.tried(a));
    assertNull(attempts.backend());
  }

  @Test
  void nextAttemptKnowsWhereTheOthersWent() {
    Attempts first = new Attempts();
    Attempts second = first.next();

    first.add(a);

    assertTrue(second.tried(a));
    assertEquals(1, second.size());
  }

  @Test
  void firstAttemptKnowsWhereTheNextWent() {
    Attempts first = new Attempts();
    Attempts third = first.next().next();

    third.add(b);

    assertTrue(first.tried(b));
  }

  @Test
  void eachAttemptHasABackendOfItsOwn() {
    Attempts first = new Attempts();
    Attempts second = first.next();

    first.add(a);
    assertNull(second.backend());
    second.add(b);

    assertSame(a, first.backend());
    assertSame(b, second.backend());
  }

  @Test
  void backendIsListedOnceForEachAttempt() {
    Attempts attempts = new Attempts();

    attempts.add(b);
    attempts.next().add(a);
    attempts.next().add(b);

    assertEquals(List.of(b, a, b), attempts.backends());
    assertEquals(3, attempts.size());
  }

  @Test
  void transparentRetryMovesTheAttemptsBackend() {
    Attempts attempts = new Attempts();

    attempts.add(a);
    attempts.add(b);

    assertSame(b, attempts.backend());
  }

  @Test
  void listOfBackendsIsACopy() {
    Attempts attempts = new Attempts();
    List<Backend> before = attempts.backends();

    attempts.add(a);

    assertEquals(List.of(), before);
    assertThrows(UnsupportedOperationException.class, () -> attempts.backends().add(b));
  }

  @Test
  void attemptsOfACallThatIsNotRetriedStayEmpty() {
    Attempts.NONE.add(a);

    assertEquals(0, Attempts.NONE.size());
    assertFalse(Attempts.NONE.tried(a));
    assertNull(Attempts.NONE.backend());
  }

  @Test
  void callWithoutRetriesCarriesNone() {
    assertSame(Attempts.NONE, CallOptions.DEFAULT.getOption(Attempts.OPTION));
  }
}
