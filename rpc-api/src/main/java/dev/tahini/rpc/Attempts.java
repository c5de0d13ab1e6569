package dev.tahini.rpc;

import io.grpc.CallOptions;
import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backends that the attempts of one call were sent to. Whoever retries a call makes one for it,
 * and gives each attempt its {@link #next()} under {@link #OPTION}; the client notes the backend in
 * it when the attempt's stream is made there, and what became of it, and pickers go elsewhere.
 *
 * <p>Belongs to one call: on a stub, calls would share it. Thread-safe.
 */
public final class Attempts {
  private static final Backend[] NOBODY = {};

  /** The attempts of a call that is not retried: always empty. */
  public static final Attempts NONE = new Attempts();

  /**
   * Where an attempt carries the attempts of its call; {@link #NONE} unless something retries it.
   */
  public static final CallOptions.Key<Attempts> OPTION =
      CallOptions.Key.createWithDefault("dev.tahini.rpc.Attempts", NONE);

  private final Attempts first;
  private volatile Backend[] tried = NOBODY; // the first one's; replaced under its monitor
  private volatile @Nullable Backend backend;
  private @Nullable Status endStatus; // guarded by this
  private @Nullable AttemptFate endFate; // guarded by this

  /** For a new call: empty. */
  public Attempts() {
    this.first = this;
  }

  private Attempts(Attempts first) {
    this.first = first;
  }

  /**
   * What the call's next attempt carries: it shares the backends that were tried, and has a {@link
   * #backend()} of its own, so that attempts that run side by side are told apart.
   *
   * @return a new one of the same call; of {@link #NONE} itself
   */
  public Attempts next() {
    return this == NONE ? NONE : new Attempts(first);
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
      first.noteTried(backend);
    }
  }

  private synchronized void noteTried(Backend backend) {
    Backend[] longer = Arrays.copyOf(tried, tried.length + 1);
    longer[tried.length] = backend;
    tried = longer;
  }

  /**
   * Notes what became of this attempt, just before its listener hears that it ended. Called by the
   * client. There may be several ends, where something below makes attempts of its own: one that
   * was processed counts.
   *
   * @param status the one that the listener will hear, if this is the attempt that it hears of
   * @param fate whether a server may have seen it
   */
  public synchronized void ended(Status status, AttemptFate fate) {
    if (this != NONE && endFate != AttemptFate.PROCESSED) {
      endStatus = status;
      endFate = fate;
    }
  }

  /**
   * Whether a server may have seen this attempt.
   *
   * @param status what the listener heard: the very one, since an equal status may be another's
   * @return {@code PROCESSED} if nothing is known
   */
  @SuppressWarnings("ReferenceEquality") // see above
  public synchronized AttemptFate fate(Status status) {
    return endFate != null && endStatus == status ? endFate : AttemptFate.PROCESSED;
  }

  /**
   * Where this attempt went; after a transparent retry of gRPC's, where it went last.
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
    for (Backend each : first.tried) {
      if (each.equals(backend)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many of the call's attempts reached a backend.
   *
   * @return 0 or more
   */
  public int size() {
    return first.tried.length;
  }

  /**
   * Where the call's attempts went.
   *
   * @return a copy, oldest first; a backend is in it once for each attempt
   */
  public List<Backend> backends() {
    return List.of(first.tried);
  }
}
