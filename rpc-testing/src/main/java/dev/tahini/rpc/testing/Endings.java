package dev.tahini.rpc.testing;

import java.util.ArrayList;
import java.util.List;

/** What ends with a cluster, or a part of it, and is waited for one by one. Not thread-safe. */
final class Endings {
  private final List<Ending> endings = new ArrayList<>();

  /** Brings an end about or waits for it, and complains by any exception. */
  interface Ending {
    void await() throws InterruptedException;
  }

  Endings add(Ending ending) {
    endings.add(ending);
    return this;
  }

  /**
   * Goes through all, whatever becomes of some. An interrupt ends each wait at once, and is kept.
   *
   * @throws IllegalStateException with the first complaint
   */
  void await() {
    Throwable first = null;
    for (Ending ending : endings) {
      try {
        ending.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw new IllegalStateException("test cluster: " + first.getMessage(), first);
    }
  }

  /** Goes through all because something has failed, and adds complaints to that. */
  void awaitAfter(Throwable failure) {
    try {
      await();
    } catch (IllegalStateException e) {
      failure.addSuppressed(e);
    }
  }
}
