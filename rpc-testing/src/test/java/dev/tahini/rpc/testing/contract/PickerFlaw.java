package dev.tahini.rpc.testing.contract;

import java.util.Set;

/** What can be wrong with a picker and its factory, and which tests are to find it. */
enum PickerFlaw {
  NONE(),
  /** Calls ask for a picker that nobody has. */
  ASKED_BY_ANOTHER_NAME(
      "addedBackendIsReached",
      "attemptFallsBackToATriedBackend",
      "callWaitsForTheFirstConnection",
      "callsGoOnWhileABackendIsAway",
      "callsOfManyThreadsEndWhileTheListChanges",
      "everyCallIsAnsweredByAListedBackend",
      "explainNamesAListedBackendAndMakesNoCall",
      "explainSaysWhyThereIsNone",
      "factoryServesSeveralClients",
      "nameIsAlwaysTheSame",
      "nextAttemptGoesElsewhere",
      "noneListedIsUnavailableNamingTheTarget",
      "pickerIsMadeOncePerListAndReadsStatesLive",
      "pickerNeverThrowsAndKeepsToItsList",
      "removedBackendGetsNoNewCall"),
  NAME_CHANGES("nameIsAlwaysTheSame"),
  SUITS_NOTHING(
      "addedBackendIsReached",
      "attemptFallsBackToATriedBackend",
      "callWaitsForTheFirstConnection",
      "callsGoOnWhileABackendIsAway",
      "everyCallIsAnsweredByAListedBackend",
      "explainNamesAListedBackendAndMakesNoCall",
      "factoryServesSeveralClients",
      "nextAttemptGoesElsewhere",
      "pickerIsMadeOncePerListAndReadsStatesLive",
      "removedBackendGetsNoNewCall"),
  DOES_NOT_WAIT("callWaitsForTheFirstConnection"),
  /** Goes on with the backends of its first list. */
  KEEPS_ITS_FIRST_LIST("addedBackendIsReached", "factoryServesSeveralClients"),
  /** The same, also of those that have left it. */
  CHOOSES_WHAT_HAS_LEFT(
      "addedBackendIsReached",
      "callsGoOnWhileABackendIsAway",
      "callsOfManyThreadsEndWhileTheListChanges",
      "factoryServesSeveralClients",
      "pickerIsMadeOncePerListAndReadsStatesLive",
      "pickerNeverThrowsAndKeepsToItsList",
      "removedBackendGetsNoNewCall"),
  STICKS_TO_ONE("addedBackendIsReached"),
  LOOKS_AT_NO_STATE("callsGoOnWhileABackendIsAway", "pickerIsMadeOncePerListAndReadsStatesLive"),
  LOOKS_AT_STATES_ONCE("pickerIsMadeOncePerListAndReadsStatesLive"),
  IGNORES_ATTEMPTS("nextAttemptGoesElsewhere"),
  REFUSES_WHAT_WAS_TRIED("attemptFallsBackToATriedBackend"),
  THROWS_IF_ALL_WERE_TRIED("attemptFallsBackToATriedBackend", "pickerNeverThrowsAndKeepsToItsList"),
  THROWS_FOR_METHODS_IT_DOES_NOT_KNOW(
      "explainNamesAListedBackendAndMakesNoCall", "pickerNeverThrowsAndKeepsToItsList"),
  THROWS_FROM_THE_TENTH_LIST_ON("callsOfManyThreadsEndWhileTheListChanges"),
  ALLOCATES("pickAllocatesNothing"),
  /** The pickers of all clients read the last list of any. */
  SHARES_ITS_TABLE("factoryServesSeveralClients");

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is
  final Set<String> found;

  PickerFlaw(String... found) {
    this.found = Set.of(found);
  }
}
