package dev.tahini.rpc.apiserver;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for kube-apiserver 1.34 on a loopback port: lists and watches EndpointSlices ({@code
 * discovery.k8s.io/v1}) in one namespace or in all. Holds them in memory; {@link #faults()} breaks
 * it, {@link #access()} says who may read.
 *
 * <p>Thread-safe. What waits, waits for at most 10 s and then throws {@link IllegalStateException}
 * with what it waited for. {@link #close} leaves no thread and no socket.
 */
public final class FakeApiServer implements AutoCloseable {
  private final RequestLog log = new RequestLog();
  private final Progress progress = new Progress();
  private final SliceStore slices;
  private final FaultState faultState = new FaultState();
  private final ApiAccess access = new ApiAccess();
  private final Listener listener;
  private final ApiFaults faults;
  private final @Nullable ServerTls tls;

  private FakeApiServer(Builder builder) throws IOException {
    slices = new SliceStore(builder.historyLength, builder.seed, faultState, progress);
    tls = builder.isTls ? ServerTls.create() : null;
    WatchStream watchStream =
        new WatchStream(slices, faultState, progress, builder.bookmarkInterval);
    ApiHandler handler = new ApiHandler(slices, access, faultState, log, progress, watchStream);
    listener = new Listener(builder.port, tls, handler, faultState, progress);
    faults = new ApiFaults(faultState, slices, listener);
    listener.open();
  }

  /** Starts one without TLS that needs no token. */
  public static FakeApiServer start() {
    return builder().start();
  }

  /** Starts one with TLS, with a certificate authority of its own, that needs no token. */
  public static FakeApiServer startTls() {
    return builder().tls().start();
  }

  /** For other settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where it listens, such as {@code https://127.0.0.1:43210}; the same for all its life. */
  public URI uri() {
    return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + listener.port());
  }

  /**
   * The certificate to trust, as PEM.
   *
   * @throws IllegalStateException if it was started without TLS
   */
  public String caCertificatePem() {
    if (tls == null) {
      throw new IllegalStateException("caCertificatePem: none (expected: a server with TLS)");
    }
    return tls.caCertificatePem();
  }

  /** What breaks it. */
  public ApiFaults faults() {
    return faults;
  }

  /** Who may read what. At first everybody, without a token. */
  public ApiAccess access() {
    return access;
  }

  /** Creates the slice or replaces it; the same state again is no change, as with a real server. */
  public void put(FakeSlice slice) {
    slices.put(SliceJson.of(slice));
  }

  /**
   * Creates the slice or replaces it. The server adds what it owns: uid, generation,
   * resourceVersion, managedFields.
   *
   * @throws IllegalArgumentException if {@code metadata.name} or {@code metadata.namespace} is
   *     missing
   */
  public void put(JsonObject slice) {
    slices.put(slice);
  }

  /** Deletes the slice, if it is there. */
  public void delete(String namespace, String name) {
    slices.delete(namespace, name);
  }

  /** Deletes all slices of the service, as deleting the service does. */
  public void deleteService(String namespace, String service) {
    slices.deleteService(namespace, service);
  }

  /** The version of the newest change. */
  public long resourceVersion() {
    return slices.version();
  }

  /**
   * Goes back (or ahead) to this version with the slices as they are, without history, and cuts all
   * connections: what an etcd restored from a backup looks like. Put the older state after it.
   */
  public void setResourceVersion(long version) {
    slices.restore(version);
    listener.resetAll();
  }

  /**
   * Forgets the history: whoever resumes from any version so far gets 410, and so do continue
   * tokens. Open watches go on. Counts the version up by one.
   */
  public void compact() {
    slices.compact();
  }

  /** Sends a bookmark to each open watch that allows them. */
  public void sendBookmarks() {
    slices.bookmarkAll();
  }

  /** The requests so far, oldest first, as they came in. */
  public List<SeenRequest> requests() {
    return log.all();
  }

  /** How many requests for lists came in, pages and refused ones counted. */
  public int listCount() {
    return log.count(Verb.LIST);
  }

  /** How many requests for watches came in, refused ones counted. */
  public int watchCount() {
    return log.count(Verb.WATCH);
  }

  /** How many watches are open. */
  public int openWatches() {
    return slices.watches().size();
  }

  /** How many connections are open. */
  public int openConnections() {
    return listener.openConnections();
  }

  /** Waits until a watch for the service is open and all that it has to say is written. */
  public void awaitWatch(String namespace, String service) {
    progress.await(
        () -> slices.watches().stream().anyMatch(w -> w.isFor(namespace, service) && w.isIdle()),
        "a watch of " + service + " in " + namespace);
  }

  /** Waits until so many watches are open, and all that they have to say is written. */
  public void awaitWatches(int count) {
    progress.await(
        () -> {
          List<OpenWatch> open = slices.watches();
          return open.size() == count && open.stream().allMatch(OpenWatch::isIdle);
        },
        count + " open watches");
  }

  /** Waits until the requests so far, oldest first, are as wanted. */
  public void awaitRequests(Predicate<List<SeenRequest>> wanted) {
    progress.await(() -> wanted.test(log.all()), "requests");
  }

  /** Waits until so many connections are open. */
  public void awaitConnections(int count) {
    progress.await(() -> listener.openConnections() == count, count + " open connections");
  }

  /** Dies as by SIGKILL: all connections get an RST, new ones are refused; the data stay. */
  public void kill() {
    listener.refuse();
    listener.resetAll();
  }

  /** Stops politely: refuses new connections, closes idle ones, lets open watches stay. */
  public void gracefulStop() {
    listener.drain();
  }

  /** Listens again on the same port, after {@link #kill} or {@link #gracefulStop}. */
  public void restart() {
    listener.accept();
  }

  /** Ends everything. More calls do nothing. */
  @Override
  public void close() {
    listener.close();
    faultState.lift();
  }

  /** The settings of a server. Not thread-safe. */
  public static final class Builder {
    private int port;
    private long seed = 1;
    private int historyLength = 1_000;
    private boolean isTls;
    private @Nullable Duration bookmarkInterval;

    private Builder() {}

    /** With TLS, by a certificate authority of its own, for 127.0.0.1 and localhost. */
    public Builder tls() {
      isTls = true;
      return this;
    }

    /** On this port; 0, the default, is a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Where the uids come from; 1 at first. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** How many changes it remembers for those who resume; 1,000 at first. */
    public Builder historyLength(int changes) {
      if (changes < 0) {
        throw new IllegalArgumentException(
            "historyLength: " + changes + " (expected: 0 or more changes)");
      }
      historyLength = changes;
      return this;
    }

    /** Sends bookmarks this often, by the system's clock; without it only when told. */
    public Builder bookmarkInterval(Duration interval) {
      bookmarkInterval = interval;
      return this;
    }

    /**
     * Starts.
     *
     * @throws IllegalStateException if the port is taken
     */
    public FakeApiServer start() {
      try {
        return new FakeApiServer(this);
      } catch (IOException e) {
        throw new IllegalStateException("port: " + port + " (expected: one to listen on)", e);
      }
    }
  }
}
