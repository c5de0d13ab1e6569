package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one client while it is open. Hears its events on whatever thread they
 * happen, and takes a lock only where a list or a connection changes.
 */
final class ClientRecord implements CallEvents {
  private final String id;
  private final ClientView view;
  private final Runnable onClosed;
  private final InstantSource clock;
  private final Deadline.Ticker ticker;
  private final Map<Backend, BackendRecord> backends = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();
  private final ChangeLog listed = new ChangeLog();
  private final ChangeLog connections = new ChangeLog();
  private final LongAdder callsStarted = new LongAdder();
  private final AtomicLongArray callsEnded = new AtomicLongArray(Status.Code.values().length);
  private volatile boolean usesShards;

  ClientRecord(String id, ClientView view, Runnable onClosed) {
    this.id = id;
    this.view = view;
    this.onClosed = onClosed;
    this.clock = view.time().clock();
    this.ticker = view.time().ticker();
  }

  String id() {
    return id;
  }

  ClientView view() {
    return view;
  }

  long nanoTime() {
    return ticker.nanoTime();
  }

  /** Whether a call has ever asked for a key's backend. */
  boolean usesShards() {
    return usesShards;
  }

  List<Change> listChanges() {
    return listed.all();
  }

  List<Change> connectionChanges() {
    return connections.all();
  }

  /** Those that are listed now, by their addresses. */
  Map<String, BackendRecord> backends() {
    Map<String, BackendRecord> byAddress = new HashMap<>();
    backends.forEach((backend, record) -> byAddress.put(backend.address(), record));
    return byAddress;
  }

  private @Nullable BackendRecord of(Backend backend) {
    BackendRecord record = backends.get(backend);
    if (record != null || backend.state() == ConnectivityState.SHUTDOWN) {
      return record;
    }
    return backends.computeIfAbsent(
        backend, missing -> new BackendRecord(id + "-" + made.incrementAndGet()));
  }

  @Override
  public void onCallStart(CallStarted event) {
    callsStarted.increment();
  }

  @Override
  public void onCallEnd(CallEnded event) {
    callsEnded.incrementAndGet(event.status().getCode().value());
  }

  long callsStarted() {
    return callsStarted.sum();
  }

  /** Calls that ended, by how; codes without any are left out. */
  Map<Status.Code, Long> callsEnded() {
    Map<Status.Code, Long> ended = new EnumMap<>(Status.Code.class);
    for (Status.Code code : Status.Code.values()) {
      if (callsEnded.get(code.value()) > 0) {
        ended.put(code, callsEnded.get(code.value()));
      }
    }
    return ended;
  }

  @Override
  public void onPick(Picked event) {
    if (!usesShards && event.pick() instanceof Pick.Shard) {
      usesShards = true;
    }
  }

  @Override
  public void onAttemptEnd(AttemptEnded event) {
    BackendRecord record = of(event.backend());
    if (record != null) {
      record.ended(event.status(), event.latencyNanos(), ticker.nanoTime());
    }
  }

  @Override
  public void onEndpoints(EndpointsChanged event) {
    event.removed().forEach(backends::remove);
    event.added().forEach(this::of);
    note(listed, "added", event.added(), null);
    note(listed, "removed", event.removed(), null);
    note(listed, "changed", event.changed(), null);
    if (event.size() == 0) {
      note(listed, "none left", List.of(), null);
    }
  }

  @Override
  public void onDiscoveryError(DiscoveryFailed event) {
    listed.add(Change.of(clock.instant(), "discovery failed", List.of(), Words.of(event.error())));
  }

  /** That each is connected at first is no news; that one is lost, or back, is. */
  @Override
  public void onBackendState(BackendStateChanged event) {
    boolean wasLost = event.from() == ConnectivityState.TRANSIENT_FAILURE;
    if (event.to() == ConnectivityState.TRANSIENT_FAILURE) {
      Status error = event.error();
      String why = error == null ? null : Words.of(error);
      note(connections, "cannot be connected", List.of(event.backend()), why);
    } else if (event.to() == ConnectivityState.READY && wasLost) {
      note(connections, "connected again", List.of(event.backend()), null);
    } else if (event.from() == ConnectivityState.READY
        && event.to() != ConnectivityState.SHUTDOWN) {
      note(connections, "connection lost", List.of(event.backend()), null);
    }
  }

  private void note(ChangeLog log, String what, List<Backend> who, @Nullable String why) {
    if (!who.isEmpty() || what.equals("none left")) {
      log.add(Change.of(clock.instant(), what, who.stream().map(Backend::address).toList(), why));
    }
  }

  @Override
  public void onClientClosed() {
    onClosed.run();
  }
}
