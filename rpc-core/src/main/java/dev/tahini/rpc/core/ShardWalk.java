package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A walk along a key's order of backends: which of them its call may go to. Each thread has one and
 * uses it again and again, so that picks allocate nothing.
 */
final class ShardWalk {
  private static final Pick.Shard NO_KEY = Pick.shard("");

  /** So many owners are looked for first; where more are wanted, all. */
  private static final int FEW = 4;

  private List<LiveBackend> backends = List.of();
  private Attempts attempts = Attempts.NONE;
  private Pick.Shard asked = NO_KEY;
  private ShardMap.@Nullable Table table;
  private long hash;

  /** The first of the key's owners that may be used. */
  private int[] first = new int[FEW];

  private int count;

  /** The bound times what is in flight with this call, and the weights that share it. */
  private double bounded;

  private long weights;

  private final IntPredicate eligible = this::isEligible;
  private final IntPredicate further = this::isFurther;
  private final IntPredicate fitting = this::isFitting;

  /** Begins with a call's key. */
  void begin(
      ShardTables.Built built,
      ShardMap.Table table,
      Pick.Shard asked,
      long hash,
      Attempts attempts) {
    this.backends = built.backends();
    this.table = table;
    this.asked = asked;
    this.hash = hash;
    this.attempts = attempts;
  }

  /** Holds on to nothing. */
  void end() {
    backends = List.of();
    table = null;
    asked = NO_KEY;
    attempts = Attempts.NONE;
  }

  /** The first backend in the order that may be used, tried ones only if there is no other. */
  @Nullable LiveBackend next() {
    LiveBackend next = at(table().owner(hash, eligible));
    return next == null && allowTried() ? at(table().owner(hash, eligible)) : next;
  }

  /** Whether there is more to choose from now. */
  private boolean allowTried() {
    boolean more = attempts.size() > 0;
    attempts = Attempts.NONE;
    return more;
  }

  /** The least loaded of the first owners within the bound; if it is exceeded there, the next. */
  @Nullable LiveBackend best() {
    bounded = Double.POSITIVE_INFINITY;
    gatherFirst();
    if (count == 0 && allowTried()) {
      gatherFirst();
    }
    LiveBackend least = least();
    if (least == null) {
      return count == 0 ? null : awaited();
    }
    if (!asked.isBounded() || least.inFlight() == 0) {
      return least;
    }
    measure();
    LiveBackend within = firstWithin();
    if (within == null && allowTried()) {
      gatherFirst();
      within = firstWithin();
    }
    return within == null ? least : within;
  }

  private @Nullable LiveBackend firstWithin() {
    LiveBackend least = least();
    return least == null ? at(table().owner(hash, fitting)) : least;
  }

  /** While none is ready: the first that may be soon, else the first owner, which says why not. */
  private @Nullable LiveBackend awaited() {
    for (int i = 0; i < count; i++) {
      if (backends.get(first[i]).canBeAwaited()) {
        return backends.get(first[i]);
      }
    }
    return at(first[0]);
  }

  private void gatherFirst() {
    int wanted = Math.min(asked.replicas(), backends.size());
    int room = wanted <= FEW ? FEW : backends.size();
    if (first.length != room) {
      first = new int[room];
    }
    int listed = table().owners(hash, first);
    count = 0;
    for (int i = 0; i < listed && count < wanted; i++) {
      if (isEligible(first[i])) {
        first[count] = first[i];
        count++;
      }
    }
    boolean more = listed < backends.size();
    while (more && count < wanted) {
      int next = table().owner(hash, further);
      more = next >= 0;
      if (more) {
        first[count] = next;
        count++;
      }
    }
  }

  /**
   * Of the first owners, the ready one with the least in flight for its weight; of equals the
   * first.
   */
  private @Nullable LiveBackend least() {
    LiveBackend least = null;
    for (int i = 0; i < count; i++) {
      LiveBackend next = backends.get(first[i]);
      if (next.state() == READY && fits(next) && (least == null || isLess(next, least))) {
        least = next;
      }
    }
    return least;
  }

  private boolean isLess(LiveBackend a, LiveBackend b) {
    if (attempts.tried(a) != attempts.tried(b)) {
      return attempts.tried(b);
    }
    return (a.inFlight() + 1L) * b.weight() < (b.inFlight() + 1L) * a.weight();
  }

  /** Adds up what all that are ready have to do, and can. */
  private void measure() {
    long inFlight = 0;
    weights = 0;
    for (int i = 0; i < backends.size(); i++) {
      LiveBackend backend = backends.get(i);
      if (backend.state() == READY) {
        inFlight += backend.inFlight();
        weights += backend.weight();
      }
    }
    bounded = asked.bound() * (inFlight + 1);
  }

  private boolean fits(LiveBackend backend) {
    return bounded == Double.POSITIVE_INFINITY
        || backend.inFlight() < Math.ceil(bounded * backend.weight() / weights);
  }

  private boolean isEligible(int index) {
    LiveBackend backend = backends.get(index);
    return asked.isStrict()
        ? backend.state() != SHUTDOWN
        : backend.canBeAwaited() && !attempts.tried(backend);
  }

  private boolean isFurther(int index) {
    for (int i = 0; i < count; i++) {
      if (first[i] == index) {
        return false;
      }
    }
    return isEligible(index);
  }

  private boolean isFitting(int index) {
    LiveBackend backend = backends.get(index);
    return backend.state() == READY && !attempts.tried(backend) && fits(backend);
  }

  private ShardMap.Table table() {
    if (table == null) {
      throw new IllegalStateException("the walk has not begun");
    }
    return table;
  }

  private @Nullable LiveBackend at(int index) {
    return index < 0 ? null : backends.get(index);
  }
}
