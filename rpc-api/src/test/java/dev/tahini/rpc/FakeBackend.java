package dev.tahini.rpc;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend of which tests set what they need. */
final class FakeBackend implements Backend {
  static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  final Map<Status.Code, Long> failed = new EnumMap<>(Status.Code.class);
  ConnectivityState state = ConnectivityState.READY;
  int inFlight;
  long succeeded;
  long latencyNanos;
  @Nullable Status lastError;
  private final Endpoint endpoint;

  FakeBackend(String ip) {
    this.endpoint = Endpoint.of(new InetSocketAddress(ip, 80));
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public String address() {
    return endpoint.addressText();
  }

  @Override
  public ConnectivityState state() {
    return state;
  }

  @Override
  public Instant since() {
    return SINCE;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public long started() {
    return inFlight + succeeded + failed.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public long succeeded() {
    return succeeded;
  }

  @Override
  public long failed(Status.Code code) {
    return failed.getOrDefault(code, 0L);
  }

  @Override
  public long latencyNanos() {
    return latencyNanos;
  }

  @Override
  public @Nullable Status lastError() {
    return lastError;
  }
}
