package dev.tahini.rpc.testing;

import java.util.ArrayList;
import java.util.List;

/** What ends with a cluster, or a part of it, and is waited for one by one. Not thread-safe. */
final class Endings {
  private final List<Ending> endings = new ArrayList<>();

  /** Waits for an end, and complains by an IllegalStateException or AssertionError. */
  interface Ending {
    void await() throws InterruptedException;
  }

  Endings add(Ending ending) {
    endings.add(ending);
    return this;
  }

  /**
   * Waits for all, whatever becomes of some. An interrupt ends each wait at once, and is kept.
   *
   * @throws IllegalStateException with the first complaint
   */
  void await() {
    Throwable first = null;
    boolean interrupted = false;
    for (Ending ending : endings) {
      try {
        ending.await();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (IllegalStateException | AssertionError e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (first != null) {
      throw new IllegalStateException("test cluster: " + first.getMessage(), first);
    }
  }
}
