package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one line for each attempt that ends, and for each event of the script: {@code seconds
 * client call backend code microseconds}.
 */
final class TraceLines {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final @Nullable Consumer<? super String> sink;

  /**
   * A trace.
   *
   * @param sink takes the lines, without their ends; null for none
   */
  TraceLines(@Nullable Consumer<? super String> sink) {
    this.sink = sink;
  }

  void attempt(
      long nowNanos,
      CallRequest request,
      @Nullable ModelServer server,
      Status status,
      long tookNanos) {
    if (sink == null) {
      return;
    }
    StringBuilder line = time(nowNanos);
    line.append(' ').append(request.client().name()).append(' ').append(request.number());
    line.append(' ').append(server == null ? "-" : server.spec().name());
    line.append(' ').append(status.getCode()).append(' ').append(tookNanos / 1_000);
    sink.accept(line.toString());
  }

  void script(long nowNanos, String what) {
    if (sink != null) {
      sink.accept(time(nowNanos).append(" * ").append(what).toString());
    }
  }

  private static StringBuilder time(long nanos) {
    String fraction = String.valueOf(NANOS_PER_SECOND + nanos % NANOS_PER_SECOND).substring(1);
    return new StringBuilder(64).append(nanos / NANOS_PER_SECOND).append('.').append(fraction);
  }
}
