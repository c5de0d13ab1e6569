package dev.tahini.rpc.apiserver;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs watches, each on its connection's thread. Thread-safe. */
final class WatchStream {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final long NEVER = Long.MAX_VALUE;

  private final SliceStore slices;
  private final FaultState faults;
  private final Progress progress;
  private final long bookmarkNanos;

  WatchStream(
      SliceStore slices,
      FaultState faults,
      Progress progress,
      @Nullable Duration bookmarkInterval) {
    this.slices = slices;
    this.faults = faults;
    this.progress = progress;
    this.bookmarkNanos = bookmarkInterval == null ? NEVER : bookmarkInterval.toNanos();
  }

  /** Returns at the clean end of the stream. */
  void run(SlicePath path, Query query, ResponseWriter out)
      throws IOException, InterruptedException, Refusal {
    if (!query.text("sendInitialEvents").isEmpty()) {
      throw new Refusal(ApiStatus.initialEventsForbidden());
    }
    ApiStatus failure = faults.streamFailures.next(Verb.WATCH);
    if (failure != null) {
      out.begin(JSON);
      out.more(WatchLine.error(failure));
      out.end();
      return;
    }
    long seconds = query.number("timeoutSeconds");
    LabelSelector selector = LabelSelector.parse(query.text("labelSelector"));
    OpenWatch watch = new OpenWatch(path.namespace(), selector, query.isSet("allowWatchBookmarks"));
    slices.open(watch, query);
    try {
      out.begin(JSON);
      written(watch);
      writeSteps(watch, seconds == 0 ? NEVER : Duration.ofSeconds(seconds).toNanos(), out);
    } finally {
      slices.close(watch);
    }
    out.end();
  }

  private void writeSteps(OpenWatch watch, long lifeNanos, ResponseWriter out)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long nextBookmark = bookmarkNanos;
    while (true) {
      long age = System.nanoTime() - start;
      if (age >= lifeNanos) {
        return;
      }
      if (age >= nextBookmark) {
        slices.bookmark(watch);
        nextBookmark = age + bookmarkNanos;
      }
      WatchStep step = watch.next(Math.min(lifeNanos, nextBookmark) - age);
      if (step != null) {
        if (!step.write(out)) {
          return;
        }
        written(watch);
      }
    }
  }

  private void written(OpenWatch watch) {
    watch.written();
    progress.changed();
  }
}
