package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches a target, and remembers what it heard. Thread-safe, by its monitor. */
final class WatchedTarget implements Discovery.Listener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String target;
  private final List<List<Endpoint>> lists = new ArrayList<>();
  private final List<Status> errors = new ArrayList<>();
  private int confirmations;
  private Discovery.@Nullable Subscription subscription;

  private WatchedTarget(String target) {
    this.target = target;
  }

  static WatchedTarget watch(Discovery discovery, String target) {
    WatchedTarget watched = new WatchedTarget(target);
    watched.subscription = discovery.watch(Target.parse(target), watched);
    return watched;
  }

  @Override
  public synchronized void onEndpoints(List<Endpoint> endpoints) {
    lists.add(endpoints);
    notifyAll();
  }

  @Override
  public synchronized void onError(Status error) {
    errors.add(error);
    notifyAll();
  }

  @Override
  public synchronized void onConfirmed() {
    confirmations++;
    notifyAll();
  }

  synchronized List<List<Endpoint>> lists() {
    return List.copyOf(lists);
  }

  synchronized int errors() {
    return errors.size();
  }

  synchronized int confirmations() {
    return confirmations;
  }

  /** What the last error says. */
  synchronized String lastError() {
    return String.valueOf(errors.get(errors.size() - 1).getDescription());
  }

  /** The addresses of the last list, in order; empty, too, if there was none yet. */
  synchronized Set<String> addresses() {
    Set<String> addresses = new TreeSet<>();
    if (!lists.isEmpty()) {
      lists.get(lists.size() - 1).forEach(endpoint -> addresses.add(endpoint.addressText()));
    }
    return addresses;
  }

  /** The last list as text, in order. */
  synchronized Set<String> endpoints() {
    Set<String> texts = new TreeSet<>();
    lists.get(lists.size() - 1).forEach(endpoint -> texts.add(endpoint.toString()));
    return texts;
  }

  void awaitAddresses(String... addresses) {
    Set<String> expected = new TreeSet<>(List.of(addresses));
    await(
        () -> "the list " + expected + "; the last is " + addresses() + ", " + errors,
        () -> !lists.isEmpty() && addresses().equals(expected));
  }

  /** Waits until so many have been heard in all. */
  void awaitErrors(int count) {
    await(() -> count + " errors; heard are " + errors, () -> errors.size() >= count);
  }

  /** Waits for what the listener heard, or until a moment has passed and it is so. */
  synchronized void await(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        assertTrue(System.nanoTime() - deadline < 0, () -> target + ": waited for " + what.get());
        wait(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Nullable Instant lastConfirmed() {
    Discovery.Subscription watching = subscription;
    return watching == null ? null : watching.lastConfirmed();
  }

  void refresh() {
    if (subscription != null) {
      subscription.refresh();
    }
  }

  @Override
  public void close() {
    if (subscription != null) {
      subscription.close();
    }
  }
}
