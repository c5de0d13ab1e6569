package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.util.function.Consumer;

/** One attempt as its server sees it. */
final class Job {
  private final double quantile;
  private final Consumer<Status> reply;
  private boolean cancelled;

  /**
   * An attempt.
   *
   * @param quantile how hard it is
   * @param reply takes the server's answer, once
   */
  Job(double quantile, Consumer<Status> reply) {
    this.quantile = quantile;
    this.reply = reply;
  }

  double nanosOf(ServiceTime serviceTime) {
    return serviceTime.nanosAt(quantile);
  }

  /** The client gave up: not begun any more if it still waits. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void reply(Status status) {
    reply.accept(status);
  }
}
