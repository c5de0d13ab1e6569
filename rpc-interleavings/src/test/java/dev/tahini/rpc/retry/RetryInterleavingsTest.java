package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.Interleavings;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each class of operations says what holds. */
class RetryInterleavingsTest {

  /** Of the JDK, which hangs where Lincheck halts a thread in the midst of it. */
  @BeforeAll
  static void loadFormats() {
    assertEquals("1.5", String.format(Locale.ROOT, "%.1f", 1.5));
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void attemptThatFollowsGetsItAll(Interleavings interleavings) {
    interleavings.check(UnsentCallOperations.class, UnsentCallOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void hedgedCallEndsOnceAndGivesUpItsLosers(Interleavings interleavings) {
    interleavings.check(HedgedCallOperations.class, HedgedCallOperations.Expected.class);
  }
}
