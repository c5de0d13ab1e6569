package dev.tahini.rpc.testing.contract;

import java.util.Set;

/** What can be wrong with a retry policy, and which tests are to find it. */
enum RetryFlaw {
  NONE(),
  NEVER_RETRIES("retriableIsTriedAgain"),
  NEVER_STOPS("callThatAlwaysFailsEnds"),
  RETRIES_ANYTHING("whatIsNotRetriableIsNotTriedAgain"),
  STOPS_WITHOUT_WORDS("stopSaysWhy"),
  /** Counts over all calls. */
  HAS_A_MEMORY("sameHistoryGivesTheSameKindOfDecision"),
  TAKES_TRAILERS_OUT("historyIsLeftAsItWas"),
  THROWS_ON_A_CODE("everyStatusGivesADecision"),
  PARSES_BLINDLY("historyIsLeftAsItWas", "trailersWithoutSenseGiveADecision"),
  NEEDS_A_BACKEND("oddAttemptsGiveADecision"),
  OVERFLOWS("oddAttemptsGiveADecision"),
  NULL_IF_LATE("everyRemainingTimeGivesADecision"),
  NEGATIVE_DELAY_IF_LATE("everyRemainingTimeGivesADecision"),
  IGNORES_PUSHBACK("negativePushbackEndsTheCall", "pushbackIsNotUndercut"),
  BELONGS_TO_ONE_THREAD("decidesWithoutWaiting", "isThreadSafe"),
  WAITS_ITSELF("decidesWithoutWaiting");

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is
  final Set<String> found;

  RetryFlaw(String... found) {
    this.found = Set.of(found);
  }
}
