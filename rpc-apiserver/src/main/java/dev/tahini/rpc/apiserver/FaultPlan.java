package dev.tahini.rpc.apiserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The failures of the requests to come, in order. Thread-safe. */
final class FaultPlan {
  private final Deque<Planned> plan = new ArrayDeque<>();

  private static final class Planned {
    final Set<Verb> verbs;
    final ApiStatus status;
    int left;

    Planned(Set<Verb> verbs, ApiStatus status, int left) {
      this.verbs = verbs;
      this.status = status;
      this.left = left;
    }
  }

  synchronized void add(int count, Set<Verb> verbs, ApiStatus status) {
    plan.addLast(new Planned(Set.copyOf(verbs), status, count));
  }

  synchronized void clear() {
    plan.clear();
  }

  /** How the next request of the verb fails; null if it does not. */
  synchronized @Nullable ApiStatus next(Verb verb) {
    for (Iterator<Planned> i = plan.iterator(); i.hasNext(); ) {
      Planned planned = i.next();
      if (planned.left <= 0) {
        i.remove();
      } else if (planned.verbs.contains(verb)) {
        planned.left--;
        return planned.status;
      }
    }
    return null;
  }
}
