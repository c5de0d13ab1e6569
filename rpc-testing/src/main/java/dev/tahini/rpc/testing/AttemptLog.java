package dev.tahini.rpc.testing;

import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What has arrived at the backends of a cluster, in order. Thread-safe: all of it is guarded by the
 * monitor of this object, that of its entries too.
 */
final class AttemptLog {
  /** What is older is forgotten, so that a test under load does not run out of memory. */
  static final int CAPACITY = 100_000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Map<Long, Integer> attemptsByCall =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > CAPACITY;
        }
      };
  private final Map<String, Integer> inFlight = new HashMap<>();
  private final Map<String, Integer> arriving = new HashMap<>();
  private final Changes changes;
  private long arrived;

  AttemptLog(Changes changes) {
    this.changes = changes;
  }

  /**
   * Records an attempt, arriving until {@link Entry#arrived} and open until {@link Entry#end}.
   *
   * @param headers without the tag
   */
  Entry begin(String backend, String method, CallTag tag, Metadata headers) {
    Entry entry;
    synchronized (this) {
      Long call = tag.call();
      int attempt = call == null ? 1 : attemptsByCall.merge(call, 1, Integer::sum);
      entry =
          new Entry(
              new RecordedAttempt(
                  ++arrived, backend, method, call, attempt, tag.pick(), tag.key(), headers, null));
      if (entries.size() == CAPACITY) {
        entries.remove();
      }
      entries.add(entry);
      inFlight.merge(backend, 1, Integer::sum);
      arriving.merge(backend, 1, Integer::sum);
    }
    changes.signal();
    return entry;
  }

  /** Attempts at a backend that have not ended. */
  synchronized int inFlight(String backend) {
    return inFlight.getOrDefault(backend, 0);
  }

  /** Attempts at all backends that have not ended. */
  synchronized int inFlight() {
    return inFlight.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether an attempt at a backend is recorded whose faults have not got it yet. */
  synchronized boolean isArriving(String backend) {
    return arriving.getOrDefault(backend, 0) > 0;
  }

  /** The same of all backends. */
  synchronized boolean isArriving() {
    return arriving.values().stream().anyMatch(count -> count > 0);
  }

  synchronized List<RecordedAttempt> all() {
    return recorded(any -> true);
  }

  synchronized List<RecordedAttempt> at(String backend) {
    return recorded(entry -> entry.recorded.backend().equals(backend));
  }

  private List<RecordedAttempt> recorded(Predicate<Entry> which) {
    return entries.stream().filter(which).map(entry -> entry.recorded).toList();
  }

  /** Forgets what has arrived; what is in flight stays so, and numbers go on. */
  synchronized void clear() {
    entries.clear();
  }

  /** One attempt. */
  final class Entry {
    private final String backend;
    private RecordedAttempt recorded;
    private boolean arrived;

    private Entry(RecordedAttempt recorded) {
      this.backend = recorded.backend();
      this.recorded = recorded;
    }

    /** Notes that a fault holds it, or that nothing keeps it from the service. Idempotent. */
    void arrived() {
      synchronized (AttemptLog.this) {
        if (arrived) {
          return;
        }
        arrived = true;
        arriving.merge(backend, -1, Integer::sum);
      }
      changes.signal();
    }

    /** Notes how it ended; only the first end counts. */
    void end(Status ended) {
      synchronized (AttemptLog.this) {
        if (recorded.status() != null) {
          return;
        }
        recorded = recorded.ended(ended);
        inFlight.merge(backend, -1, Integer::sum);
      }
      changes.signal();
    }
  }
}
