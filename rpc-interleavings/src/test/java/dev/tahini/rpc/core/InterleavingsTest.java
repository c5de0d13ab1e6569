package dev.tahini.rpc.core;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each class of operations says what holds. */
class InterleavingsTest {

  /** The long ones with the tests tagged "full". */
  static List<Interleavings> those() {
    return Boolean.getBoolean("tahini.full")
        ? List.of(Interleavings.values())
        : List.of(Interleavings.MODEL);
  }

  @ParameterizedTest
  @MethodSource("those")
  void callsInFlightAreExact(Interleavings interleavings) {
    interleavings.check(InFlightOperations.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void endsAreExact(Interleavings interleavings) {
    interleavings.check(EndedOperations.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void attemptCountsOnceAndLeaksNothing(Interleavings interleavings) {
    interleavings.check(AttemptOperations.class, AttemptOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void readerOfASetGetsABackendThatWasInIt(Interleavings interleavings) {
    interleavings.check(SwapRemoveSetOperations.class, SwapRemoveSetOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void noCallFailsWhileABackendIsReady(Interleavings interleavings) {
    interleavings.check(ReadyPickOperations.class, ReadyPickOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void picksOfAPinFollowEachOther(Interleavings interleavings) {
    interleavings.check(PinOperations.class);
  }

  @ParameterizedTest
  @MethodSource("those")
  void firstStreamFixesAPinForGood(Interleavings interleavings) {
    interleavings.check(PinnedStreamOperations.class, PinnedStreamOperations.Expected.class);
  }
}
