package dev.tahini.rpc.retry;

import dev.tahini.rpc.TimeSource;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How one method's calls are made again; shared by all of them.
 *
 * @param engine null where only what no server saw is made again
 * @param hedging null where none, or where the method is not idempotent
 * @param latency null unless the hedging wants to know it
 * @param executor where later attempts begin whose call has no executor of its own
 */
record MethodRetry(
    RetryOptions options,
    @Nullable RetryEngine engine,
    @Nullable Hedging hedging,
    @Nullable LatencyWindow latency,
    TimeSource time,
    Executor executor) {

  /** For a call within a retry around code: what no server saw is made again, and no more. */
  MethodRetry withoutEngine() {
    return new MethodRetry(options, null, null, null, time, executor);
  }

  /** What one attempt may take at most, in an attempt's options. */
  CallOptions limited(CallOptions call, Context context) {
    Duration timeout = options.attemptTimeout();
    if (timeout == null) {
      return call;
    }
    Deadline outer = AttemptDeadline.earlier(call.getDeadline(), context.getDeadline());
    return call.withDeadline(AttemptDeadline.of(timeout, outer, time.ticker()));
  }

  /** Whether a request may be kept for another attempt. */
  <T> boolean keeps(MethodDescriptor<T, ?> called, T message) {
    return RequestSize.isWithin(options.bufferLimit(), message, called);
  }

  /**
   * A call that started then is answered. From its start, also where a hedge answers: the time of
   * attempts alone has nothing slower than hedges allow, and would hedge ever more.
   */
  void noteLatency(long startNanos) {
    if (latency != null) {
      latency.note(time.ticker().nanoTime() - startNanos);
    }
  }

  /** How long to wait for an attempt before the next is made beside it. */
  long hedgeDelayNanos(Hedging of) {
    long observed = latency == null ? LatencyWindow.UNKNOWN : latency.percentile95();
    return observed == LatencyWindow.UNKNOWN ? of.delay().toNanos() : observed;
  }
}
