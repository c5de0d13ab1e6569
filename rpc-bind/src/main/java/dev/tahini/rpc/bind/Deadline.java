package dev.tahini.rpc.bind;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A time from now on, which passes by itself. */
record Deadline(CompletableFuture<Boolean> passed) {

  static Deadline ofSeconds(int seconds) {
    return new Deadline(
        new CompletableFuture<Boolean>().completeOnTimeout(true, seconds, TimeUnit.SECONDS));
  }

  boolean isPassed() {
    return passed.isDone();
  }
}
