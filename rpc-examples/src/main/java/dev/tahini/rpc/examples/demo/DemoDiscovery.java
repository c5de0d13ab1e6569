package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.SynchronizationContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A discovery that lists what its program tells it, for targets such as {@code demo:///servers}. An
 * example of writing one: its source is a field, so that nothing is left but the contract.
 *
 * <p>Thread-safe: the list is a volatile, each watch has its own synchronization context.
 */
public final class DemoDiscovery implements Discovery {
  /** The scheme of its targets. */
  public static final String SCHEME = "demo";

  private static final Logger logger = LoggerFactory.getLogger(DemoDiscovery.class);

  private final InstantSource clock;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Answer answer;

  /** What the source said last, and when. */
  private record Answer(Set<Endpoint> endpoints, Instant at) {}

  /**
   * A discovery without an answer yet: calls wait for it.
   *
   * @param clock tells when the source said something
   */
  public DemoDiscovery(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Changes the list of every watch.
   *
   * @param endpoints all that there are from now on
   */
  public void list(Set<Endpoint> endpoints) {
    // Not Set.copyOf: the order given is the order of the client's backends.
    answer = new Answer(new LinkedHashSet<>(endpoints), clock.instant());
    watches.forEach(Watch::deliver);
  }

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public void check(Target target) {
    if (!target.options().isEmpty()) {
      throw new InvalidValueException("options", target.options(), "empty: there are none");
    }
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    check(target);
    Watch watch = new Watch(listener);
    watches.add(watch);
    watch.deliver(); // after it was added: a change in between is seen twice, rather than never
    return watch;
  }

  /** One watch. What it delivers comes one after the other, in a context of its own. */
  private final class Watch implements Subscription {
    private final Listener listener;
    private final SynchronizationContext serially =
        new SynchronizationContext((thread, e) -> logger.error("a listener failed", e));
    private @Nullable Set<Endpoint> delivered;
    private volatile boolean closed;

    Watch(Listener listener) {
      this.listener = listener;
    }

    void deliver() {
      serially.execute(this::deliverLatest);
    }

    private void deliverLatest() {
      Answer latest = answer;
      if (closed || latest == null || latest.endpoints().equals(delivered)) {
        return;
      }
      delivered = latest.endpoints();
      listener.onEndpoints(List.copyOf(latest.endpoints()));
    }

    @Override
    public void close() {
      closed = true;
      watches.remove(this);
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      Answer latest = answer;
      return latest == null ? null : latest.at();
    }
  }
}
