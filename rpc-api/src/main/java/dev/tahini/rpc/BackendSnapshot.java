package dev.tahini.rpc;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Backend} at one moment, for pages and tests. Immutable. Made by the library; parts may
 * be added.
 *
 * @param endpoint as discovery last listed it
 * @param address {@link Endpoint#addressText()}
 * @param state of its connection
 * @param since when it came into the state
 * @param inFlight attempts open on it
 * @param started attempts ever sent to it
 * @param succeeded attempts that ended {@code OK}
 * @param failed attempts that ended otherwise, by code; codes without any are left out
 * @param latency smoothed mean of an attempt's time, by samples; zero before the first has ended
 * @param lastError {@link Backend#lastError()}
 */
public record BackendSnapshot(
    Endpoint endpoint,
    String address,
    ConnectivityState state,
    Instant since,
    int inFlight,
    long started,
    long succeeded,
    Map<Status.Code, Long> failed,
    Duration latency,
    @Nullable Status lastError) {

  /** Copies the map, in the order of the codes. */
  public BackendSnapshot {
    Map<Status.Code, Long> copy = new EnumMap<>(Status.Code.class);
    copy.putAll(failed);
    failed = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a backend.
   *
   * @param backend the live one
   * @return what it says now
   */
  public static BackendSnapshot of(Backend backend) {
    return new BackendSnapshot(
        backend.endpoint(),
        backend.address(),
        backend.state(),
        backend.since(),
        backend.inFlight(),
        backend.started(),
        backend.succeeded(),
        failedByCode(backend),
        Duration.ofNanos(backend.latencyNanos()),
        backend.lastError());
  }

  private static Map<Status.Code, Long> failedByCode(Backend backend) {
    Map<Status.Code, Long> failed = new EnumMap<>(Status.Code.class);
    for (Status.Code code : Status.Code.values()) {
      if (backend.failed(code) > 0) {
        failed.put(code, backend.failed(code));
      }
    }
    return failed;
  }
}
