package dev.tahini.rpc.core;

import io.grpc.Deadline;
import io.grpc.LoadBalancer.Subchannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The subchannels that were let go of lately. gRPC ends each 5 s late, for calls that have picked
 * it but not sent yet; when the channel is closed that would keep it open for nothing, unless their
 * shutdown is asked for once more. Confined to the balancer's synchronization context.
 */
final class LeavingSubchannels {
  private static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Deque<Leaving> leaving = new ArrayDeque<>();
  private final Deadline.Ticker ticker;

  private record Leaving(Subchannel subchannel, long sinceNanos) {}

  LeavingSubchannels(Deadline.Ticker ticker) {
    this.ticker = ticker;
  }

  /** Lets go of one. */
  void shutdown(Subchannel subchannel) {
    long now = ticker.nanoTime();
    while (!leaving.isEmpty() && now - leaving.element().sinceNanos() > DELAY_NANOS) {
      leaving.remove();
    }
    leaving.add(new Leaving(subchannel, now));
    subchannel.shutdown();
  }

  /** The channel is closed; where it only goes idle, gRPC takes no notice. */
  void hurry() {
    leaving.forEach(each -> each.subchannel().shutdown());
    leaving.clear();
  }
}
