package dev.tahini.rpc.discovery.dns;

import io.grpc.SynchronizationContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many work at once, and the others wait for their turn: a thousand targets do not open
 * thousands of sockets. Thread-safe; its state belongs to its synchronization context, in which
 * work is begun.
 */
final class Turns {
  private static final Logger logger = LoggerFactory.getLogger(Turns.class);

  private final int most;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final SynchronizationContext serially =
      new SynchronizationContext((thread, e) -> logger.error("work could not be begun", e));
  private int working;

  Turns(int most) {
    this.most = most;
  }

  /**
   * Begins the work at once or later, on a thread that ends other work.
   *
   * @param work does not block
   */
  <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    serially.execute(
        () -> {
          waiting.add(() -> begin(work, result));
          next();
        });
    return result;
  }

  private void next() {
    while (working < most && !waiting.isEmpty()) {
      working++;
      waiting.remove().run();
    }
  }

  private <T> void begin(Supplier<CompletableFuture<T>> work, CompletableFuture<T> result) {
    var unused =
        begun(work)
            .whenComplete(
                (value, failure) -> {
                  serially.execute(this::end);
                  if (failure == null) {
                    result.complete(value);
                  } else {
                    result.completeExceptionally(failure);
                  }
                });
  }

  /** What is thrown is a failure of the work: its turn goes to the next. */
  private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void end() {
    working--;
    next();
  }
}
