package dev.tahini.rpc;

import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the endpoints of a target come from: DNS, Kubernetes, a fixed list. An SPI.
 *
 * <p>The contract of every implementation:
 *
 * <ul>
 *   <li>An error never empties a client. After {@link Listener#onError} the last list stays in use;
 *       only a positive answer "there are none" is delivered as an empty list.
 *   <li>A list equal to the last one delivered, in whatever order, is not delivered again.
 *   <li>After {@link Subscription#close} has returned nothing more is delivered, but for a call
 *       that another thread has begun or is about to.
 *   <li>A watch survives any failure of its source and recovers by itself, with jittered backoff.
 *   <li>A listener is called by one thread at a time, each call happening before the next.
 * </ul>
 *
 * <p>Implementations are thread-safe; one instance serves many targets. {@link #watch} does not
 * block on the network.
 */
public interface Discovery {

  /**
   * The schemes that name this discovery in a target, such as {@code "dns"}.
   *
   * @return at least one scheme, in lower case; always the same. What follows it in a target is a
   *     host, never a path
   */
  Set<String> schemes();

  /**
   * Checks a target as {@link #watch} does, without watching it: so that a wrong one is found when
   * an injector is made, before any client is. Accepts everything unless overridden.
   *
   * @param target whose scheme is one of {@link #schemes()}, or null where this is the
   *     environment's discovery
   * @throws InvalidValueException if the target is not one that this discovery can ever serve
   */
  default void check(Target target) {}

  /**
   * Watches a target until the subscription is closed. The listener may be called on the caller's
   * thread before this method returns, and on any thread later.
   *
   * <p>Threads and sockets are kept only as long as a watch is open.
   *
   * @param target whose scheme is one of {@link #schemes()}, or null where this is the
   *     environment's discovery
   * @param listener hears each list, and each failure to get one
   * @return the running watch
   * @throws InvalidValueException if the target is not one that this discovery can ever serve, an
   *     option that it does not know among them
   */
  Subscription watch(Target target, Listener listener);

  /**
   * Hears what a watch finds. Its methods return soon, since they run on the discovery's own
   * threads, and do not throw. They may close the subscription.
   */
  interface Listener {

    /**
     * The endpoints of the target, all of them: the list takes the last one's place. An address
     * that is in it twice is one backend with the sum of the weights.
     *
     * @param endpoints every endpoint; empty if the source says that there are none
     */
    void onEndpoints(List<Endpoint> endpoints);

    /**
     * The source could not be asked, or did not answer. What was listed before stays.
     *
     * @param error why, in words for the user; mostly {@code UNAVAILABLE}, never {@code OK}
     */
    void onError(Status error);

    /** After an error the source answered again, with the list that is already known. */
    default void onConfirmed() {}
  }

  /** A running watch. Thread-safe. */
  interface Subscription extends AutoCloseable {

    /**
     * Ends the watch. Idempotent; does not wait for the network. A listener call that another
     * thread has begun, or is about to, is not waited for; the listener ignores it.
     */
    @Override
    void close();

    /**
     * A hint that connections to the listed endpoints fail, so that the list may be old. A watch
     * that is told of changes by its source may ignore it.
     */
    default void refresh() {}

    /**
     * When the source last said anything good, also where it only confirmed what was known.
     *
     * @return the time, or null as long as it never has
     */
    @Nullable Instant lastConfirmed();
  }
}
