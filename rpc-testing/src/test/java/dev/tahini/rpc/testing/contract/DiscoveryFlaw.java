package dev.tahini.rpc.testing.contract;

import java.util.Set;

/** What can be wrong with a discovery, and which tests are to find it. */
enum DiscoveryFlaw {
  NONE(),
  UPPER_CASE_SCHEME("schemesAreNamedInLowerCase"),
  NO_SCHEME("schemesAreNamedInLowerCase"),
  SCHEMES_GROW("schemesAreAlwaysTheSame"),
  CHECK_REFUSES_ALL("goodTargetPassesTheCheck"),
  CHECK_TAKES_ANY("badTargetIsRefusedByTheCheck"),
  WATCH_TAKES_ANY("badTargetIsRefusedByTheWatch"),
  LISTS_TWICE(
      "burstOfChangesEndsWithTheLastList",
      "changeIsDeliveredToEachOpenWatch",
      "equalListInAnotherOrderIsNotDeliveredAgain",
      "errorEmptiesNothing",
      "knownListIsConfirmedAfterAnError",
      "listenerMayCloseItsWatch",
      "refreshIsHarmlessAtAnyTime",
      "secondWatchGetsTheListToo",
      "silenceEmptiesNothing",
      "watchDeliversTheList"),
  WATCH_BLOCKS("watchReturnsSoon", "watchReturnsWhileTheSourceIsSilent"),
  WATCH_WAITS_FOR_THE_SOURCE("watchReturnsWhileTheSourceIsSilent"),
  SERVES_ONE_WATCH(
      "changeIsDeliveredToEachOpenWatch",
      "closeDuringAChangeEndsTheWatch",
      "listenerMayCloseItsWatch",
      "noThreadIsLeftAfterTheLastClose",
      "nothingIsDeliveredAfterClose",
      "secondWatchGetsTheListToo"),
  SECOND_CLOSE_THROWS("closeIsIdempotent"),
  TELLS_AFTER_CLOSE("nothingIsDeliveredAfterClose", "refreshIsHarmlessAtAnyTime"),
  KEEPS_CLOSED_WATCHES(
      "changeIsDeliveredToEachOpenWatch",
      "closeDuringAChangeEndsTheWatch",
      "listenerMayCloseItsWatch"),
  HINT_IS_ANSWERED_AT_ONCE(
      "changesAreToldOneAfterTheOther",
      "listenerIsCalledByOneThreadAtATime",
      "nothingIsDeliveredAfterClose",
      "refreshIsHarmlessAtAnyTime"),
  NEVER_CONFIRMED("lastConfirmedIsKnownOnceThereWasAList", "lastConfirmedMovesOn"),
  HINT_LISTS_AGAIN("refreshIsHarmlessAtAnyTime"),
  THREAD_IS_NO_DAEMON("noThreadKeepsTheJvmAlive"),
  THREAD_STAYS("noThreadIsLeftAfterTheLastClose"),
  IGNORES_GROWTH(
      "burstOfChangesEndsWithTheLastList", "changeIsDelivered", "emptyListOfTheSourceIsDelivered"),
  CLOSE_ENDS_ALL(
      "changeIsDeliveredToEachOpenWatch",
      "closeDuringAChangeEndsTheWatch",
      "listenerMayCloseItsWatch"),
  ORDER_IS_A_CHANGE("equalListInAnotherOrderIsNotDeliveredAgain"),
  ERROR_WITHOUT_WORDS("errorIsToldInWords"),
  ERROR_IS_OK("errorIsToldInWords"),
  ERROR_EMPTIES(
      "burstOfChangesEndsWithTheLastList",
      "errorEmptiesNothing",
      "knownListIsConfirmedAfterAnError",
      "watchBegunDuringAFailureRecovers"),
  SILENCE_EMPTIES("silenceEmptiesNothing"),
  IGNORES_EMPTY("emptyListOfTheSourceIsDelivered"),
  LISTS_AGAIN_AFTER_AN_ERROR("knownListIsConfirmedAfterAnError"),
  NEVER_CONFIRMS("knownListIsConfirmedAfterAnError"),
  DIES_OF_AN_ERROR(
      "burstOfChangesEndsWithTheLastList",
      "knownListIsConfirmedAfterAnError",
      "watchBegunDuringAFailureRecovers",
      "watchRecoversByItself"),
  BEGINS_DEAD("watchBegunDuringAFailureRecovers"),
  CONFIRMED_BEFORE_THE_FIRST("lastConfirmedIsNullUntilTheFirstAnswer"),
  CONFIRMED_ONCE("lastConfirmedMovesOn"),
  CONFIRMED_ALWAYS("lastConfirmedIsNullUntilTheFirstAnswer", "lastConfirmedStaysDuringAFailure"),
  TIRES("burstOfChangesEndsWithTheLastList"),
  CLOSE_WAITS("closeDoesNotWaitForTheListener");

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is
  final Set<String> found;

  DiscoveryFlaw(String... found) {
    this.found = Set.of(found);
  }
}
