package dev.tahini.rpc.testing.contract;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/** Parts of a test that run at once, each on a daemon thread of its own. Thread-safe. */
final class SideBySide {
  private final CountDownLatch ended;
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final Patience patience;

  private SideBySide(Patience patience, int parts) {
    this.patience = patience;
    this.ended = new CountDownLatch(parts);
  }

  /** Starts the parts, all at the same time or nearly so. */
  static SideBySide start(Patience patience, Runnable... parts) {
    SideBySide started = new SideBySide(patience, parts.length);
    CountDownLatch together = new CountDownLatch(1);
    List<Thread> threads =
        Stream.of(parts)
            .map(part -> new Thread(() -> started.run(together, part), "contract-test"))
            .toList();
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
    together.countDown();
    return started;
  }

  private void run(CountDownLatch together, Runnable part) {
    try {
      together.await();
      part.run();
    } catch (Throwable e) { // for the test's own thread, whatever it is
      thrown.add(e);
    } finally {
      ended.countDown();
      patience.signal();
    }
  }

  /** Waits for the end of all, and fails as the first of them did that failed. */
  void await(String what) {
    patience.await(() -> what, this::hasEnded);
    throwWhatWasThrown(what);
  }

  /** The same for what must not need any time of the implementation's own. */
  void awaitPromptly(String what) {
    Assertions.assertTrue(patience.awaitPromptly(this::hasEnded), what);
    throwWhatWasThrown(what);
  }

  private boolean hasEnded() {
    return ended.getCount() == 0;
  }

  private void throwWhatWasThrown(String what) {
    Throwable first = thrown.peek();
    if (first instanceof AssertionError failure) {
      throw failure;
    }
    if (first != null) {
      Assertions.fail(what + ", but it threw " + first, first);
    }
  }
}
