package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a backend keeps from its service: all while it hangs, then each for a delay.
 * Thread-safe, guarded by its monitor; calls go on outside of it.
 */
final class HeldCalls {
  private final Set<HeldCall<?>> hanging = new LinkedHashSet<>();
  private final Map<HeldCall<?>, Future<?>> delayed = new HashMap<>();
  private final Changes changes;
  private boolean hangs;
  private @Nullable Delay delay;

  private record Delay(long nanos, ScheduledExecutorService timer) {}

  HeldCalls(Changes changes) {
    this.changes = changes;
  }

  /** Whether a call that arrives is to be held. */
  synchronized boolean holds() {
    return hangs || delay != null;
  }

  synchronized int hanging() {
    return hanging.size();
  }

  synchronized int delayed() {
    return delayed.size();
  }

  synchronized void hang() {
    hangs = true;
  }

  /** Delays each call that goes on from now, by a timer. */
  synchronized void delay(Duration duration, ScheduledExecutorService timer) {
    if (duration.isNegative()) {
      throw new InvalidValueException("delay", duration, "zero or more");
    }
    delay = duration.isZero() ? null : new Delay(NANOSECONDS.convert(duration), timer);
  }

  /** Takes a call that has arrived; it may go on at once if a fault has ended meanwhile. */
  void hold(HeldCall<?> call) {
    synchronized (this) {
      if (hangs) {
        hanging.add(call);
      }
    }
    goOnUnlessHeld(call);
    changes.signal();
  }

  private void goOnUnlessHeld(HeldCall<?> call) {
    synchronized (this) {
      if (hanging.contains(call)) {
        return;
      }
      Delay by = delay;
      if (by != null) {
        delayed.put(call, by.timer().schedule(() -> afterDelay(call), by.nanos(), NANOSECONDS));
        return;
      }
    }
    call.goOn();
  }

  private void afterDelay(HeldCall<?> call) {
    synchronized (this) {
      delayed.remove(call);
    }
    changes.signal();
    call.goOn();
  }

  /** Ends the hanging: what hangs goes on, to its delay if there is one. */
  void release() {
    List<HeldCall<?>> released;
    synchronized (this) {
      hangs = false;
      released = List.copyOf(hanging);
      hanging.clear();
    }
    released.forEach(this::goOnUnlessHeld);
    changes.signal();
  }

  /** Ends hanging and delay: everything goes on at once. */
  void heal() {
    List<HeldCall<?>> healed;
    synchronized (this) {
      hangs = false;
      delay = null;
      healed = new ArrayList<>(hanging);
      healed.addAll(delayed.keySet());
      delayed.values().forEach(timer -> timer.cancel(false));
      hanging.clear();
      delayed.clear();
    }
    changes.signal();
    healed.forEach(HeldCall::goOn);
  }

  /** Lets go of a call that is over. */
  void drop(HeldCall<?> call) {
    synchronized (this) {
      hanging.remove(call);
      Future<?> timer = delayed.remove(call);
      if (timer != null) {
        timer.cancel(false);
      }
    }
    changes.signal();
  }
}
