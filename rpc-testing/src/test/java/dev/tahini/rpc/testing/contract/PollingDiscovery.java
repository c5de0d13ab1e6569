package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks its source, which is inside, every few seconds, each watch on a thread of its own: as a
 * discovery does that is told of nothing. What a watch knows is confined to its thread.
 */
final class PollingDiscovery implements Discovery, ChangingDiscoveryContract.Source {
  private static final long PERIOD_SECONDS = 3;

  private final TimeSource time;
  private volatile Answer answer = new Answer(State.ANSWERING, List.of());

  private enum State {
    ANSWERING,
    FAILING,
    SILENT
  }

  private record Answer(State state, List<Endpoint> endpoints) {}

  PollingDiscovery(TimeSource time) {
    this.time = time;
  }

  @Override
  public void list(List<Endpoint> endpoints) {
    answer = new Answer(State.ANSWERING, List.copyOf(endpoints));
  }

  @Override
  public void fail() {
    answer = new Answer(State.FAILING, answer.endpoints());
  }

  @Override
  public void recover() {
    list(answer.endpoints());
  }

  @Override
  public void hang() {
    answer = new Answer(State.SILENT, answer.endpoints());
  }

  @Override
  public Set<String> schemes() {
    return Set.of("polling");
  }

  @Override
  public void check(Target target) {
    if (!target.options().isEmpty()) {
      throw new InvalidValueException("options", target.options(), "none");
    }
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    check(target);
    Watch watch = new Watch(listener);
    watch.askSoon();
    return watch;
  }

  private final class Watch implements Subscription {
    private final Listener listener;
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "polling-discovery");
              thread.setDaemon(true);
              return thread;
            });
    private final Future<?> timer;
    private @Nullable Set<Endpoint> told;
    private boolean failed;
    private volatile @Nullable Instant confirmed;

    Watch(Listener listener) {
      this.listener = listener;
      this.timer =
          time.scheduler()
              .scheduleAtFixedRate(this::askSoon, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** The timer may be on its way here while the watch is closed. */
    void askSoon() {
      try {
        thread.execute(this::ask);
      } catch (RejectedExecutionException closed) {
        timer.cancel(false);
      }
    }

    private void ask() {
      Answer now = answer;
      if (thread.isShutdown() || now.state() == State.SILENT) {
        return;
      }
      if (now.state() == State.FAILING) {
        failed = true;
        listener.onError(Status.UNAVAILABLE.withDescription("no answer"));
        return;
      }
      confirmed = time.clock().instant();
      boolean afterError = failed;
      failed = false;
      Set<Endpoint> listed = Set.copyOf(now.endpoints());
      if (!listed.equals(told)) {
        told = listed;
        listener.onEndpoints(now.endpoints());
      } else if (afterError) {
        listener.onConfirmed();
      }
    }

    @Override
    public void close() {
      timer.cancel(false);
      thread.shutdown();
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      return confirmed;
    }
  }
}
