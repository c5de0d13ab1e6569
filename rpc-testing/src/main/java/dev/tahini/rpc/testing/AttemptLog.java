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
import org.jspecify.annotations.Nullable;

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
  private final Changes changes;
  private long arrived;

  AttemptLog(Changes changes) {
    this.changes = changes;
  }

  /**
   * Records an attempt, open until {@link Entry#end}.
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

  synchronized List<RecordedAttempt> all() {
    return recorded(any -> true);
  }

  synchronized List<RecordedAttempt> at(String backend) {
    return recorded(entry -> entry.arrival.backend().equals(backend));
  }

  private List<RecordedAttempt> recorded(Predicate<Entry> which) {
    return entries.stream().filter(which).map(Entry::recorded).toList();
  }

  /** Forgets what has arrived; what is in flight stays so, and numbers go on. */
  synchronized void clear() {
    entries.clear();
  }

  /** One attempt. */
  final class Entry {
    private final RecordedAttempt arrival;
    private @Nullable Status status;

    private Entry(RecordedAttempt arrival) {
      this.arrival = arrival;
    }

    /** Notes how it ended; only the first end counts. */
    void end(Status ended) {
      synchronized (AttemptLog.this) {
        if (status != null) {
          return;
        }
        status = ended;
        inFlight.merge(arrival.backend(), -1, Integer::sum);
      }
      changes.signal();
    }

    private RecordedAttempt recorded() {
      return status == null
          ? arrival
          : new RecordedAttempt(
              arrival.number(),
              arrival.backend(),
              arrival.method(),
              arrival.call(),
              arrival.attempt(),
              arrival.pick(),
              arrival.key(),
              arrival.headers(),
              status);
    }
  }
}
