package dev.tahini.rpc.apiserver;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * The faults that are on. {@link ApiFaults} writes, connections and the store read. Thread-safe.
 */
final class FaultState {
  final FaultPlan failures = new FaultPlan();
  final FaultPlan streamFailures = new FaultPlan();
  final Gate stall = new Gate();
  final Gate lists = new Gate();
  final AtomicInteger expiredContinues = new AtomicInteger();
  final AtomicInteger cutLists = new AtomicInteger();
  volatile int webSocketStatus = 200;
  volatile boolean compressesLists;
  volatile Splitter splitter = Splitter.whole();
  volatile LongPredicate duplicates = version -> false;
  volatile int replayedChanges;

  /** Takes one of the counter, if any is left. */
  static boolean take(AtomicInteger counter) {
    return counter.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  void lift() {
    failures.clear();
    streamFailures.clear();
    expiredContinues.set(0);
    cutLists.set(0);
    webSocketStatus = 200;
    compressesLists = false;
    splitter = Splitter.whole();
    duplicates = version -> false;
    replayedChanges = 0;
    stall.open();
    lists.open();
  }
}
