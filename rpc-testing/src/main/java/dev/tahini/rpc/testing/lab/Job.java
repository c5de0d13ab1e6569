package dev.tahini.rpc.testing.lab;

import io.grpc.Metadata;
import io.grpc.Status;

/** One attempt as its server sees it. Its equality is its identity. */
final class Job {
  private final double quantile;
  private final Reply reply;

  /** Takes the server's answer, once. */
  @FunctionalInterface
  interface Reply {

    /**
     * It has answered.
     *
     * @param trailers the attempt's own
     */
    void answer(Status status, Metadata trailers);
  }

  /**
   * An attempt.
   *
   * @param quantile how hard it is
   */
  Job(double quantile, Reply reply) {
    this.quantile = quantile;
    this.reply = reply;
  }

  double nanosOf(ServiceTime serviceTime) {
    return serviceTime.nanosAt(quantile);
  }

  void succeed() {
    reply.answer(Status.OK, new Metadata());
  }

  void fail(Status status, Metadata trailers) {
    reply.answer(status, trailers);
  }
}
