package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.Metadata;
import dev.tahini.rpc.discovery.k8s.SliceJson.SliceListJson;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slices of a service as the API server has them: a list, then a watch from its version
 * on, which is made again whenever it ends, and a new list where that cannot go on. All of its
 * state belongs to the sequence that it is given, in which it also calls its listener.
 */
final class SliceWatch {
  private static final long SHORTEST_TIMEOUT_SECONDS = 240;
  private static final long LONGEST_TIMEOUT_SECONDS = 290;
  private static final int SILENCES_BEFORE_A_LIST = 2;

  private final SliceApi api;
  private final SliceReader reader;
  private final KubernetesOptions options;
  private final TimeSource time;
  private final Supplier<? extends RandomGenerator> random;
  private final Sequence sequence;
  private final Listener listener;

  private ServiceState state = ServiceState.EMPTY;
  private final Map<String, Slice> listing = new HashMap<>();
  private @Nullable String version;
  private @Nullable ApiRequest<?> request;
  private int failures;
  private int silences;
  private @Nullable Future<?> retry;
  private @Nullable Future<?> silence;
  private boolean closed;

  /** The number of the current request; read by the HTTP client's threads. */
  private volatile int current;

  /** When the server last said anything; written by the HTTP client's threads. */
  private volatile long lastBytesNanos;

  /** The last request of which the server said anything; written by the HTTP client's threads. */
  private volatile int answered;

  /** Hears what is known. */
  interface Listener {

    /** The slices were listed, all of them. */
    void onListed(ServiceState state);

    /** A slice changed. */
    void onChanged(ServiceState state);

    /** The server said something good, and nothing changed. */
    void onGood();

    /** It could not be asked, or refused; in words for the user. */
    void onFailure(String why);
  }

  SliceWatch(
      SliceApi api,
      SliceReader reader,
      KubernetesOptions options,
      TimeSource time,
      Supplier<? extends RandomGenerator> random,
      Sequence sequence,
      Listener listener) {
    this.api = api;
    this.reader = reader;
    this.options = options;
    this.time = time;
    this.random = random;
    this.sequence = sequence;
    this.listener = listener;
  }

  /** Goes on from where it is: with a watch if there is a version to go on from. */
  void proceed() {
    retry = null;
    if (closed) {
      return;
    }
    if (version == null) {
      listing.clear();
      list(null);
    } else {
      watch(version);
    }
  }

  private void list(@Nullable String next) {
    int number = begin();
    ApiRequest<SliceListJson> list = api.list(next, () -> heard(number));
    request = list;
    var unused =
        list.end()
            .whenComplete(
                (page, failure) ->
                    inTurn(
                        number,
                        () -> {
                          ApiFailure why = cause(failure);
                          if (why == null) {
                            listed(page);
                          } else {
                            failed(why);
                          }
                        }));
  }

  private void listed(SliceListJson page) {
    if (page.items() != null) {
      page.items().forEach(slice -> put(listing, slice));
    }
    Metadata metadata = page.metadata();
    if (metadata == null || metadata.resourceVersion() == null) {
      failed(
          ApiFailure.garbled(
              api.server() + ": a list without a resourceVersion: this is no Kubernetes API",
              null));
      return;
    }
    if (metadata.next() != null && !metadata.next().isEmpty()) {
      list(metadata.next());
      return;
    }
    silences = 0;
    version = metadata.resourceVersion();
    state = ServiceState.of(listing);
    try {
      listener.onListed(state);
    } finally {
      proceed();
    }
  }

  private void put(Map<String, Slice> slices, @Nullable SliceJson json) {
    if (json != null && json.metadata() != null && json.metadata().name() != null) {
      slices.put(json.metadata().name(), reader.read(json));
    }
  }

  private void watch(String from) {
    int number = begin();
    long timeoutSeconds =
        random.get().nextLong(SHORTEST_TIMEOUT_SECONDS, LONGEST_TIMEOUT_SECONDS + 1);
    long begunNanos = time.ticker().nanoTime();
    ApiRequest<Boolean> watch =
        api.watch(
            from,
            timeoutSeconds,
            () -> inTurn(number, listener::onGood),
            () -> heard(number),
            event -> inTurn(number, () -> take(event)),
            sequence);
    request = watch;
    var unused =
        watch
            .end()
            .whenComplete(
                (done, failure) -> inTurn(number, () -> ended(cause(failure), begunNanos)));
  }

  /** A watch that the server ends is made again; at once only if it is not ended all the time. */
  private void ended(@Nullable ApiFailure failure, long begunNanos) {
    boolean hasLasted = time.ticker().nanoTime() - begunNanos >= options.maxBackoff().toNanos();
    if (hasLasted) {
      failures = 0;
    }
    if (failure != null && !(failure.isBroken() && isAnswered())) {
      failed(failure);
    } else if (failure != null || !hasLasted) {
      again(null);
    } else {
      proceed();
    }
  }

  private void take(EventJson event) {
    SliceJson object = event.object();
    if (event.type() == null || object == null) {
      failed(ApiFailure.garbled("an event without a type, or without an object", null));
      return;
    }
    switch (event.type()) {
      case "ADDED", "MODIFIED", "DELETED", "BOOKMARK" -> takeChange(event.type(), object);
      case "ERROR" -> {
        version = null;
        int code = object.code() == null ? 500 : object.code();
        failed(new ApiFailure("the watch failed: " + object.message(), code, null));
      }
      default -> {} // of a later version of the API
    }
  }

  private void takeChange(String type, SliceJson object) {
    Metadata metadata = object.metadata();
    boolean isBookmark = type.equals("BOOKMARK");
    if (metadata == null
        || metadata.resourceVersion() == null
        || (metadata.name() == null && !isBookmark)) {
      failed(ApiFailure.garbled(type + ": an object without name or resourceVersion", null));
      return;
    }
    version = metadata.resourceVersion();
    failures = 0;
    silences = 0;
    if (metadata.name() != null && !isBookmark) {
      state =
          type.equals("DELETED")
              ? state.without(metadata.name())
              : state.with(metadata.name(), reader.read(object));
      listener.onChanged(state);
    } else {
      listener.onGood();
    }
  }

  /** What is expired is expected now and then, and told only if it does not end. */
  private void failed(ApiFailure failure) {
    if (failure.needsList()) {
      version = null;
    }
    boolean isNews = !failure.isExpired() || failures > 0;
    again(failure);
    if (isNews) {
      listener.onFailure(failure.getMessage());
    }
  }

  private void again(@Nullable ApiFailure failure) {
    stop();
    failures++;
    long nanos =
        Backoff.nanos(
            failures, failure == null ? null : failure.retryAfter(), options, random.get());
    retry = sequence.after(nanos, this::proceed);
  }

  /** Begins a request, which may be silent for so long. */
  private int begin() {
    lastBytesNanos = time.ticker().nanoTime();
    int number = next();
    awaitSilence(number, options.idleLimit().toNanos());
    return number;
  }

  /** From now on what belongs to earlier requests does not count. */
  private int next() {
    int number = current + 1;
    current = number;
    return number;
  }

  private void awaitSilence(int number, long nanos) {
    cancel(silence);
    silence = sequence.after(nanos, () -> inTurn(number, () -> checkSilence(number)));
  }

  private void checkSilence(int number) {
    long left = lastBytesNanos + options.idleLimit().toNanos() - time.ticker().nanoTime();
    if (left > 0) {
      awaitSilence(number, left);
      return;
    }
    silences++;
    if (!isAnswered()) {
      giveUp();
    } else if (silences < SILENCES_BEFORE_A_LIST) {
      stop();
      proceed();
    } else {
      version = null; // perhaps of a future that never comes, after the server was set back
      again(null);
    }
  }

  private void giveUp() {
    ApiRequest<?> silent = request;
    if (silent != null) {
      silent.giveUp();
    }
    version = null;
    failed(
        ApiFailure.broken(
            api.server() + ": nothing was heard for " + options.idleLimit().toMillis() + " ms",
            null));
  }

  /** Called by any thread. */
  private void heard(int number) {
    if (number == current) {
      lastBytesNanos = time.ticker().nanoTime();
      answered = number;
    }
  }

  private boolean isAnswered() {
    return answered == current;
  }

  /** Does what belongs to a request, unless that is not the current one any more. */
  private void inTurn(int number, Runnable task) {
    sequence.execute(
        () -> {
          if (!closed && number == current) {
            task.run();
          }
        });
  }

  private static @Nullable ApiFailure cause(@Nullable Throwable failure) {
    if (failure == null) {
      return null;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ApiFailure known
        ? known
        : ApiFailure.broken(String.valueOf(cause), cause);
  }

  private void stop() {
    var unused = next();
    cancel(silence);
    ApiRequest<?> open = request;
    if (open != null) {
      request = null;
      open.cancel();
    }
  }

  private static void cancel(@Nullable Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }

  /** Ends it; called in its sequence. */
  void close() {
    closed = true;
    stop();
    cancel(retry);
  }
}
