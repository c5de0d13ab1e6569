package dev.tahini.rpc.tests.retry;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps what retries have decided. Thread-safe. */
final class RecordedRetries implements CallEvents, ClientFeature {
  private final Queue<RetryDecided> decided = new ConcurrentLinkedQueue<>();

  @Override
  public Optional<CallEvents> events(ClientView client) {
    return Optional.of(this);
  }

  @Override
  public void onRetry(RetryDecided event) {
    decided.add(event);
  }

  List<RetryDecided> decided() {
    return List.copyOf(decided);
  }

  /** Before each attempt but the first ones. */
  List<Duration> delays() {
    return decided.stream()
        .map(RetryDecided::decision)
        .filter(RetryPolicy.Retry.class::isInstance)
        .map(decision -> ((RetryPolicy.Retry) decision).delay())
        .toList();
  }

  /** Why calls were given up. */
  List<String> reasons() {
    return decided.stream()
        .map(RetryDecided::decision)
        .filter(RetryPolicy.Stop.class::isInstance)
        .map(decision -> ((RetryPolicy.Stop) decision).reason())
        .toList();
  }
}
