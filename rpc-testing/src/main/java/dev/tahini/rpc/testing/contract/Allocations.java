package dev.tahini.rpc.testing.contract;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import io.grpc.MethodDescriptor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalLong;

/** What picks allocate. */
final class Allocations {
  static final int PICKS = 20_000;
  private static final int ROUNDS = 10;

  private Allocations() {}

  /** What a call asks that is not retried. */
  private record Request(Pick pick) implements PickRequest {
    @Override
    public MethodDescriptor<?, ?> method() {
      return NumberService.ASK;
    }

    @Override
    public Attempts attempts() {
      return Attempts.NONE;
    }
  }

  /**
   * Bytes that {@link #PICKS} picks allocate on this thread: of several rounds the least, for the
   * compiler may be at work in the others.
   *
   * @return the bytes, or empty if this JVM does not count them
   */
  static OptionalLong leastBytes(Picker picker, List<Pick> picks) {
    if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)
        || !threads.isThreadAllocatedMemorySupported()
        || !threads.isThreadAllocatedMemoryEnabled()) {
      return OptionalLong.empty();
    }
    Request[] requests = picks.stream().map(Request::new).toArray(Request[]::new);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < PICKS; i++) {
        picker.pick(requests[i % requests.length]);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return OptionalLong.of(least);
  }
}
