package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One watch, and all that its listener was told, in order. Thread-safe. */
final class HeardWatch implements Discovery.Listener {
  private final Patience patience;
  private final BiConsumer<HeardWatch, Heard> reaction;
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final CompletableFuture<Discovery.Subscription> subscription = new CompletableFuture<>();
  private volatile @Nullable String overlap;

  /** One call of the listener. */
  sealed interface Heard {}

  record Listed(List<Endpoint> endpoints) implements Heard {}

  record Failed(Status error) implements Heard {}

  record Confirmed() implements Heard {}

  /**
   * A listener that does something when it is called.
   *
   * @param reaction run in the listener's method, after the call was noted
   */
  HeardWatch(Patience patience, BiConsumer<HeardWatch, Heard> reaction) {
    this.patience = patience;
    this.reaction = reaction;
  }

  /** Begins the watch. */
  HeardWatch watch(Discovery discovery, Target target) {
    Discovery.Subscription started = discovery.watch(target, this);
    assertNotNull(started, "watch returned null: nobody could ever close this watch");
    subscription.complete(started);
    return this;
  }

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    hear(new Listed(endpoints));
  }

  @Override
  public void onError(Status error) {
    hear(new Failed(error));
  }

  @Override
  public void onConfirmed() {
    hear(new Confirmed());
  }

  private void hear(Heard call) {
    if (inside.incrementAndGet() > 1) {
      overlap = call + " came on " + Thread.currentThread() + " during another call";
    }
    heard.add(call);
    patience.signal();
    try {
      reaction.accept(this, call);
    } finally {
      inside.decrementAndGet();
    }
  }

  /** Stays in the listener for a moment, so that a call that does not wait its turn is caught. */
  void linger() {
    long before = heard.size();
    patience.awaitAtMost(Duration.ofMillis(10), () -> heard.size() > before);
  }

  List<Heard> heard() {
    return List.copyOf(heard);
  }

  List<List<Endpoint>> lists() {
    return of(Listed.class).stream().map(Listed::endpoints).toList();
  }

  List<Status> errors() {
    return of(Failed.class).stream().map(Failed::error).toList();
  }

  int confirmations() {
    return of(Confirmed.class).size();
  }

  private <T extends Heard> List<T> of(Class<T> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Nullable String overlap() {
    return overlap;
  }

  void awaitList(List<Endpoint> expected, String why) {
    patience.await(
        () -> "the list " + expected + " (" + why + "); heard were " + heard,
        () -> {
          List<List<Endpoint>> lists = lists();
          return !lists.isEmpty() && same(lists.get(lists.size() - 1), expected);
        });
  }

  void awaitError(int count, String why) {
    patience.await(
        () -> "onError, call number " + count + " (" + why + "); heard were " + heard,
        () -> errors().size() >= count);
  }

  void awaitConfirmation(String why) {
    patience.await(
        () -> "onConfirmed (" + why + "); heard were " + heard, () -> confirmations() > 0);
  }

  /** Equal in whatever order. */
  static boolean same(List<Endpoint> one, List<Endpoint> other) {
    return counts(one).equals(counts(other));
  }

  private static Map<Endpoint, Integer> counts(List<Endpoint> endpoints) {
    Map<Endpoint, Integer> counts = new HashMap<>();
    endpoints.forEach(endpoint -> counts.merge(endpoint, 1, Integer::sum));
    return counts;
  }

  private Discovery.Subscription subscription() {
    return subscription.join();
  }

  void refresh() {
    subscription().refresh();
  }

  @Nullable Instant lastConfirmed() {
    return subscription().lastConfirmed();
  }

  void close() {
    subscription().close();
  }

  /** For the end of a test, whatever it was. */
  void closeIfBegun() {
    try {
      if (subscription.isDone()) {
        close();
      }
    } catch (RuntimeException e) {
      // That close may be called again has a test of its own.
    }
  }
}
