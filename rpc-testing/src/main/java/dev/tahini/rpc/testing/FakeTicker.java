package dev.tahini.rpc.testing;

import io.grpc.Deadline;

/** The ticker of a {@link FakeTime}: begins at 0 and moves with it. Thread-safe. */
public final class FakeTicker extends Deadline.Ticker {
  private volatile long nanos;

  FakeTicker() {}

  @Override
  public long nanoTime() {
    return nanos;
  }

  /** Only {@link FakeScheduler} moves it, by one thread at a time. */
  void moveTo(long nanos) {
    this.nanos = nanos;
  }
}
