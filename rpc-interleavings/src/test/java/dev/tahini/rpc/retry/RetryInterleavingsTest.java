package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.Interleavings;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each class of operations says what holds. They take long: LONG_MODEL would take ten minutes. */
@Tag("full")
class RetryInterleavingsTest {

  /** Of the JDK, which hangs where Lincheck halts a thread in the midst of it. */
  @BeforeAll
  static void loadFormats() {
    assertEquals("1.5", String.format(Locale.ROOT, "%.1f", 1.5));
  }

  @ParameterizedTest
  @EnumSource(names = {"MODEL", "STRESS"})
  void attemptThatFollowsGetsItAll(Interleavings interleavings) {
    interleavings.check(UnsentCallOperations.class, UnsentCallOperations.Expected.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"MODEL", "STRESS"})
  void hedgedCallEndsOnceAndGivesUpItsLosers(Interleavings interleavings) {
    interleavings.check(HedgedCallOperations.class, HedgedCallOperations.Expected.class);
  }
}
