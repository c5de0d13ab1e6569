package dev.tahini.rpc;

import io.grpc.CallOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The backends that the attempts of one call were sent to. Whoever retries a call makes one for it,
 * and gives each attempt its {@link #next()} under {@link #OPTION}; the client notes the backend in
 * it when the attempt's stream is made there, and pickers go elsewhere.
 *
 * <p>Belongs to one call: on a stub, calls would share it. Thread-safe.
 */
public final class Attempts {

  /** The attempts of a call that is not retried: always empty. */
  public static final Attempts NONE = new Attempts(List.of());

  /**
   * Where an attempt carries the attempts of its call; {@link #NONE} unless something retries it.
   */
  public static final CallOptions.Key<Attempts> OPTION =
      CallOptions.Key.createWithDefault("dev.tahini.rpc.Attempts", NONE);

  private final List<Backend> tried;
  private volatile @Nullable Backend backend;

  /** For a new call: empty. */
  public Attempts() {
    this(new CopyOnWriteArrayList<>());
  }

  private Attempts(List<Backend> tried) {
    this.tried = tried;
  }

  /**
   * What the call's next attempt carries: it shares the backends that were tried, and has a {@link
   * #backend()} of its own, so that attempts that run side by side are told apart.
   *
   * @return a new one of the same call; of {@link #NONE} itself
   */
  public Attempts next() {
    return this == NONE ? NONE : new Attempts(tried);
  }

  /**
   * Notes that this attempt's stream was made on a backend. Called by the client; does nothing on
   * {@link #NONE}.
   *
   * @param backend where the attempt goes
   */
  public void add(Backend backend) {
    if (this != NONE) {
      this.backend = backend;
      tried.add(backend);
    }
  }

  /**
   * Where this attempt went; after a transparent retry, where it went last.
   *
   * @return the backend, or null as long as no stream was made
   */
  public @Nullable Backend backend() {
    return backend;
  }

  /**
   * Tells whether any attempt of the call went to a backend.
   *
   * @param backend of the same client
   * @return true if one did
   */
  public boolean tried(Backend backend) {
    return this != NONE && tried.contains(backend);
  }

  /**
   * How many of the call's attempts reached a backend.
   *
   * @return 0 or more
   */
  public int size() {
    return this == NONE ? 0 : tried.size();
  }

  /**
   * Where the call's attempts went.
   *
   * @return a copy, oldest first; a backend is in it once for each attempt
   */
  public List<Backend> backends() {
    return List.copyOf(tried);
  }
}
