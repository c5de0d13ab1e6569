package dev.tahini.rpc.core;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each class of operations says what holds. */
class InterleavingsTest {
  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void callsInFlightAreExact(Interleavings interleavings) {
    interleavings.check(InFlightOperations.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void endsAreExact(Interleavings interleavings) {
    interleavings.check(EndedOperations.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void attemptCountsOnceAndLeaksNothing(Interleavings interleavings) {
    interleavings.check(AttemptOperations.class, AttemptOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void readerOfASetGetsABackendThatWasInIt(Interleavings interleavings) {
    interleavings.check(SwapRemoveSetOperations.class, SwapRemoveSetOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void noCallFailsWhileABackendIsReady(Interleavings interleavings) {
    interleavings.check(ReadyPickOperations.class, ReadyPickOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void callAfterABackendWasSeenReadyDoesNotFail(Interleavings interleavings) {
    interleavings.check(SeenReadyOperations.class, SeenReadyOperations.Expected.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void picksOfAPinFollowEachOther(Interleavings interleavings) {
    interleavings.check(PinOperations.class);
  }

  @ParameterizedTest
  @MethodSource("dev.tahini.rpc.core.Interleavings#those")
  void firstStreamFixesAPinForGood(Interleavings interleavings) {
    interleavings.check(PinnedStreamOperations.class, PinnedStreamOperations.Expected.class);
  }
}
