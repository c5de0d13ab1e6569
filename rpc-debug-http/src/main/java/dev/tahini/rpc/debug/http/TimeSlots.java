package dev.tahini.rpc.debug.http;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;

/**
 * A ring of slots, each for so many nanoseconds, that forgets the oldest. Thread-safe without a
 * lock: who first comes into a new span of time clears its slot; what others note in the moment of
 * clearing may be lost.
 */
final class TimeSlots {
  private static final long NEVER = Long.MIN_VALUE;

  private final long widthNanos;
  private final AtomicLongArray numbers;
  private final IntConsumer clear;

  TimeSlots(int size, long widthNanos, IntConsumer clear) {
    this.widthNanos = widthNanos;
    this.clear = clear;
    this.numbers = new AtomicLongArray(size);
    for (int slot = 0; slot < size; slot++) {
      numbers.set(slot, NEVER);
    }
  }

  /** The slot of this moment. */
  int at(long nanoTime) {
    long number = Math.floorDiv(nanoTime, widthNanos);
    int slot = (int) Math.floorMod(number, (long) numbers.length());
    long there = numbers.get(slot);
    if (there < number && numbers.compareAndSet(slot, there, number)) {
      clear.accept(slot);
    }
    return slot;
  }

  /**
   * The slot of so many spans ago.
   *
   * @param back 0 for the present one
   * @return its index, or -1 if nothing was noted in it
   */
  int back(long nanoTime, int back) {
    long number = Math.floorDiv(nanoTime, widthNanos) - back;
    int slot = (int) Math.floorMod(number, (long) numbers.length());
    return numbers.get(slot) == number ? slot : -1;
  }
}
