package dev.tahini.rpc.discovery.k8s;

import java.util.concurrent.CompletableFuture;

/**
 * A request under way.
 *
 * @param end completes when the answer is there or has ended; exceptionally with an {@link
 *     ApiFailure}
 * @param cancellation closes its connection; idempotent
 * @param distrust makes the next request go by another HTTP client; idempotent
 */
record ApiRequest<T>(CompletableFuture<T> end, Runnable cancellation, Runnable distrust) {

  void cancel() {
    cancellation.run();
  }

  /** Ends what has never been answered, for which the HTTP client itself may be to blame. */
  void giveUp() {
    cancellation.run();
    distrust.run();
  }
}
