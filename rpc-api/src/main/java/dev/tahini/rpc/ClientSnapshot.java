package dev.tahini.rpc;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client knows at one moment, for pages, metrics and tests. Immutable. Made by the library;
 * parts may be added.
 *
 * @param taken when
 * @param target whom it calls
 * @param discovery the kind of its discovery, such as {@code "StaticDiscovery"}
 * @param shardMap the name of its shard map
 * @param listed whether discovery has answered yet
 * @param lastConfirmed when discovery last said anything good, or null if it never has
 * @param lastError why discovery failed after that, or null if it works
 * @param backends each backend that is listed, in discovery's order
 * @param pickers the names of the user's pickers, which {@link Pick#with} takes
 * @param figures what the client's features have to show of it
 */
public record ClientSnapshot(
    Instant taken,
    Target target,
    String discovery,
    String shardMap,
    boolean listed,
    @Nullable Instant lastConfirmed,
    @Nullable Status lastError,
    List<BackendSnapshot> backends,
    List<String> pickers,
    List<Figure> figures) {

  /** Copies the lists. */
  public ClientSnapshot {
    backends = List.copyOf(backends);
    pickers = List.copyOf(pickers);
    figures = List.copyOf(figures);
  }

  /**
   * How many backends are connected.
   *
   * @return those that are {@code READY}
   */
  public long ready() {
    return backends.stream().filter(b -> b.state() == ConnectivityState.READY).count();
  }
}
