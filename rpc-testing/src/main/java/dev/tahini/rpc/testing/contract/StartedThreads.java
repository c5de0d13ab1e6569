package dev.tahini.rpc.testing.contract;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Predicate;

/** The threads that were started since a moment, but for the JVM's own. */
final class StartedThreads {
  private static final Set<String> GROUPS_OF_THE_JVM = Set.of("system", "InnocuousThreadGroup");

  private final Set<Thread> before = alive();
  private final Predicate<Thread> ofTheTest;

  StartedThreads(Predicate<Thread> ofTheTest) {
    this.ofTheTest = ofTheTest;
  }

  List<Thread> alive(Predicate<Thread> kind) {
    return alive().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> !isOfTheJvm(thread) && !ofTheTest.test(thread))
        .filter(kind)
        .toList();
  }

  private static Set<Thread> alive() {
    return Set.copyOf(Thread.getAllStackTraces().keySet());
  }

  private static boolean isOfTheJvm(Thread thread) {
    ThreadGroup group = thread.getThreadGroup(); // null if it has just ended
    return group == null
        || GROUPS_OF_THE_JVM.contains(group.getName())
        || thread.getName().equals("CompletableFutureDelayScheduler")
        || (thread instanceof ForkJoinWorkerThread worker
            && worker.getPool() == ForkJoinPool.commonPool());
  }
}
