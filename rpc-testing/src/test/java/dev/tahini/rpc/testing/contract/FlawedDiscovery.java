package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A small discovery with its source inside, right but for one flaw. */
final class FlawedDiscovery implements Discovery, ChangingDiscoveryContract.Source {
  private static final long LONGER_THAN_PROMPT_MILLIS = 5_000;
  private static final int TIRED_AFTER = 40;

  private final DiscoveryFlaw flaw;
  private final Thread maker = Thread.currentThread();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private final AtomicInteger started = new AtomicInteger();
  private volatile List<Endpoint> list = List.of();
  private volatile boolean failing;
  private volatile boolean silent;

  FlawedDiscovery(DiscoveryFlaw flaw) {
    this.flaw = flaw;
  }

  static String threadName(DiscoveryFlaw flaw) {
    return "flawed-discovery " + flaw;
  }

  private boolean has(DiscoveryFlaw other) {
    return flaw == other;
  }

  @Override
  public void list(List<Endpoint> endpoints) {
    list = List.copyOf(endpoints);
    recover();
  }

  @Override
  public void recover() {
    failing = false;
    silent = false;
    watches.forEach(Watch::ask);
  }

  @Override
  public void fail() {
    failing = true;
    watches.forEach(Watch::ask);
  }

  @Override
  public void hang() {
    silent = true;
    if (has(DiscoveryFlaw.SILENCE_EMPTIES)) {
      watches.forEach(watch -> watch.listener.onEndpoints(List.of()));
    }
  }

  @Override
  public Set<String> schemes() {
    return switch (flaw) {
      case NO_SCHEME -> Set.of();
      case UPPER_CASE_SCHEME -> Set.of("Flawed");
      case SCHEMES_GROW -> started.get() == 0 ? Set.of("flawed") : Set.of("flawed", "grown");
      default -> Set.of("flawed");
    };
  }

  @Override
  public void check(Target target) {
    boolean good = target.options().isEmpty() && !has(DiscoveryFlaw.CHECK_REFUSES_ALL);
    if (!good && !has(DiscoveryFlaw.CHECK_TAKES_ANY)) {
      throw new InvalidValueException("target", target, "a good one");
    }
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    if (!target.options().isEmpty() && !has(DiscoveryFlaw.WATCH_TAKES_ANY)) {
      throw new InvalidValueException("target", target, "a good one");
    }
    // Only off the test's own thread: else each of the tests would take that long.
    boolean blocks =
        has(DiscoveryFlaw.WATCH_BLOCKS)
            || (has(DiscoveryFlaw.WATCH_WAITS_FOR_THE_SOURCE) && silent);
    if (blocks && Thread.currentThread() != maker) {
      awaitAtMost(new CountDownLatch(1), LONGER_THAN_PROMPT_MILLIS);
    }
    Watch watch = new Watch(listener, started.incrementAndGet());
    watches.add(watch);
    watch.begin();
    return watch;
  }

  private static void awaitAtMost(CountDownLatch latch, long millis) {
    try {
      if (!latch.await(millis, TimeUnit.MILLISECONDS)) {
        return; // as long as that
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One watch. What it was told is confined to its synchronization context. */
  private final class Watch implements Subscription {
    private final Listener listener;
    private final int number;
    private final SynchronizationContext serially =
        new SynchronizationContext(
            (thread, e) -> {
              throw new IllegalStateException(e);
            });
    private final ReentrantLock delivering = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable List<Endpoint> told;
    private boolean toldError;
    private boolean dead;
    private int changes;
    private volatile @Nullable Instant confirmed;
    private volatile boolean closed;

    Watch(Listener listener, int number) {
      this.listener = listener;
      this.number = number;
    }

    void begin() {
      if (has(DiscoveryFlaw.THREAD_IS_NO_DAEMON) || has(DiscoveryFlaw.THREAD_STAYS)) {
        Thread thread = new Thread(() -> awaitAtMost(ended, 20_000), threadName(flaw));
        thread.setDaemon(has(DiscoveryFlaw.THREAD_STAYS));
        thread.start();
      }
      dead =
          (has(DiscoveryFlaw.SERVES_ONE_WATCH) && number > 1)
              || (has(DiscoveryFlaw.BEGINS_DEAD) && failing);
      if (dead && failing) {
        listener.onError(Status.UNAVAILABLE.withDescription("for good"));
      }
      ask();
      if (has(DiscoveryFlaw.LISTS_TWICE) && told != null) {
        listener.onEndpoints(told);
      }
    }

    void ask() {
      serially.execute(this::askNow);
    }

    private void askNow() {
      boolean keeps = has(DiscoveryFlaw.KEEPS_CLOSED_WATCHES);
      if ((closed && !keeps) || dead || silent) {
        return;
      }
      delivering.lock();
      try {
        if (failing) {
          tellError();
        } else {
          tellList(list);
        }
      } finally {
        delivering.unlock();
      }
    }

    private void tellError() {
      toldError = true;
      listener.onError(
          switch (flaw) {
            case ERROR_IS_OK -> Status.OK.withDescription("fine");
            case ERROR_WITHOUT_WORDS -> Status.UNAVAILABLE;
            default -> Status.UNAVAILABLE.withDescription("the source fails");
          });
      if (has(DiscoveryFlaw.ERROR_EMPTIES)) {
        told = List.of();
        listener.onEndpoints(List.of());
      }
      dead = has(DiscoveryFlaw.DIES_OF_AN_ERROR);
    }

    private void tellList(List<Endpoint> now) {
      boolean again = has(DiscoveryFlaw.LISTS_AGAIN_AFTER_AN_ERROR) && toldError;
      boolean known = told != null && isKnown(told, now) && !again;
      boolean ignored =
          told != null
              && ((has(DiscoveryFlaw.IGNORES_GROWTH) && now.size() > told.size())
                  || (has(DiscoveryFlaw.IGNORES_EMPTY) && now.isEmpty())
                  || (has(DiscoveryFlaw.TIRES) && ++changes > TIRED_AFTER));
      if (confirmed == null || !has(DiscoveryFlaw.CONFIRMED_ONCE)) {
        confirmed = Instant.now();
      }
      boolean afterError = toldError;
      toldError = false;
      if (!known && !ignored) {
        told = now;
        listener.onEndpoints(now);
      } else if (known && afterError && !has(DiscoveryFlaw.NEVER_CONFIRMS)) {
        listener.onConfirmed();
      }
    }

    private boolean isKnown(List<Endpoint> told, List<Endpoint> now) {
      return has(DiscoveryFlaw.ORDER_IS_A_CHANGE)
          ? told.equals(now)
          : Set.copyOf(told).equals(Set.copyOf(now));
    }

    @Override
    public void close() {
      if (closed && has(DiscoveryFlaw.SECOND_CLOSE_THROWS)) {
        throw new IllegalStateException("closed already");
      }
      if (has(DiscoveryFlaw.CLOSE_WAITS)) {
        closeAfterDelivery();
      }
      closed = true;
      if (has(DiscoveryFlaw.CLOSE_ENDS_ALL)) {
        watches.clear();
      } else if (!has(DiscoveryFlaw.KEEPS_CLOSED_WATCHES)) {
        watches.remove(this);
      }
      if (!has(DiscoveryFlaw.THREAD_STAYS)) {
        ended.countDown();
      }
    }

    private void closeAfterDelivery() {
      delivering.lock();
      try {
        closed = true;
      } finally {
        delivering.unlock();
      }
    }

    @Override
    public void refresh() {
      if (has(DiscoveryFlaw.HINT_IS_ANSWERED_AT_ONCE)
          || (has(DiscoveryFlaw.TELLS_AFTER_CLOSE) && closed)) {
        listener.onConfirmed();
      }
      if (has(DiscoveryFlaw.HINT_LISTS_AGAIN) && !closed) {
        serially.execute(() -> listener.onEndpoints(list));
      }
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      return switch (flaw) {
        case NEVER_CONFIRMED -> null;
        case CONFIRMED_BEFORE_THE_FIRST -> confirmed == null ? Instant.EPOCH : confirmed;
        case CONFIRMED_ALWAYS -> Instant.now();
        default -> confirmed;
      };
    }
  }
}
