package dev.tahini.rpc.discovery.dns;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many work at once, and the others wait for their turn: a thousand targets do not open
 * thousands of sockets. Thread-safe, by its monitor; no work is done while it is held.
 */
final class Turns {
  private final int most;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int working;

  Turns(int most) {
    this.most = most;
  }

  /** Does the work at once or later, on a thread that ends other work. */
  <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable turn = () -> pass(work.get(), result);
    if (begins(turn)) {
      turn.run();
    }
    return result;
  }

  private <T> void pass(CompletableFuture<T> work, CompletableFuture<T> result) {
    var unused =
        work.whenComplete(
            (value, failure) -> {
              next();
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(failure);
              }
            });
  }

  private synchronized boolean begins(Runnable turn) {
    if (working < most) {
      working++;
      return true;
    }
    waiting.add(turn);
    return false;
  }

  private void next() {
    Runnable turn = nextTurn();
    if (turn != null) {
      turn.run();
    }
  }

  private synchronized @Nullable Runnable nextTurn() {
    Runnable turn = waiting.poll();
    if (turn == null) {
      working--;
    }
    return turn;
  }
}
