package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up one target again and again, and tells its listener. {@link History} decides what is told
 * and when the next time is; this is its shell. What a watch knows belongs to its synchronization
 * context.
 */
final class DnsWatch implements Discovery.Subscription {
  private static final Logger logger = LoggerFactory.getLogger(DnsWatch.class);

  private final Target target;
  private final EndpointLookup lookup;
  private final Discovery.Listener listener;
  private final DnsOptions options;
  private final TimeSource time;
  private final Supplier<? extends RandomGenerator> random;
  private final Runnable onClose;
  private final SynchronizationContext serially;

  private History history = History.NEW;
  private boolean isFailing;
  private boolean isLookingUp;
  private boolean isHinted;
  private long lastBegunNanos;
  private long nextNanos;
  private @Nullable Future<?> timer;
  private boolean isReleased;

  private volatile @Nullable Instant lastConfirmed;
  private volatile boolean closed;

  DnsWatch(
      Target target,
      EndpointLookup lookup,
      Discovery.Listener listener,
      DnsOptions options,
      TimeSource time,
      Supplier<? extends RandomGenerator> random,
      Runnable onClose) {
    this.target = target;
    this.lookup = lookup;
    this.listener = listener;
    this.options = options;
    this.time = time;
    this.random = random;
    this.onClose = onClose;
    this.serially =
        new SynchronizationContext(
            (thread, e) -> logger.error("{}: a listener failed, or there is a bug", target, e));
  }

  void start() {
    serially.execute(this::begin);
  }

  private void begin() {
    if (closed || isLookingUp) {
      return;
    }
    isLookingUp = true;
    lastBegunNanos = time.ticker().nanoTime();
    var unused =
        begun()
            .whenComplete(
                (found, bug) -> serially.execute(() -> end(bug == null ? found : failed(bug))));
  }

  /** Whatever goes wrong, the watch goes on. */
  private CompletionStage<Resolved<Endpoint>> begun() {
    try {
      return lookup.lookUp(history.hasEndpoints());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Resolved<Endpoint> failed(Throwable bug) {
    logger.warn("{}: a look-up failed in a way that it should not", target, bug);
    return Resolved.failed(bug.toString());
  }

  private void end(Resolved<Endpoint> found) {
    isLookingUp = false;
    if (closed) {
      return;
    }
    long now = time.ticker().nanoTime();
    History.Step step = history.next(found, now, options);
    history = step.history();
    schedule(now + step.delay().drawNanos(random.get()));
    if (isHinted) {
      isHinted = false;
      hasten();
    }
    if (step.isConfirmed()) {
      lastConfirmed = time.clock().instant();
    }
    tell(step);
  }

  private void tell(History.Step step) {
    boolean wasFailing = isFailing;
    isFailing = step.error() != null;
    if (step.delivered() != null) {
      listener.onEndpoints(step.delivered());
    } else if (wasFailing && !isFailing) {
      listener.onConfirmed();
    }
    if (step.error() != null && !closed) {
      listener.onError(Status.UNAVAILABLE.withDescription(step.error()));
    }
  }

  private void schedule(long atNanos) {
    cancelTimer();
    nextNanos = atNanos;
    timer =
        time.scheduler()
            .schedule(
                () -> serially.execute(this::begin),
                atNanos - time.ticker().nanoTime(),
                TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** At once, but not sooner after the last look-up than the options let it. */
  @Override
  public void refresh() {
    serially.execute(this::hasten);
  }

  private void hasten() {
    if (isLookingUp) {
      isHinted = true; // it may have its answer already
      return;
    }
    long soonest = lastBegunNanos + options.minRefresh().toNanos();
    if (!closed && soonest - nextNanos < 0) {
      schedule(soonest);
    }
  }

  @Override
  public @Nullable Instant lastConfirmed() {
    return lastConfirmed;
  }

  @Override
  public void close() {
    closed = true;
    serially.execute(this::release);
  }

  private void release() {
    if (!isReleased) {
      isReleased = true;
      cancelTimer();
      onClose.run();
    }
  }

  /** Its target. */
  @Override
  public String toString() {
    return "DnsWatch of " + target;
  }
}
