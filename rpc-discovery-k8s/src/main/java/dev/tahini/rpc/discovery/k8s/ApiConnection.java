package dev.tahini.rpc.discovery.k8s;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of a discovery, and what it needs to be let in. Made when a request is to be
 * sent, and again when the file of authorities has changed. Thread-safe.
 */
final class ApiConnection implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Credentials credentials;
  private final ExecutorService threads;
  private @Nullable Made made;
  private boolean closed;

  private record Made(HttpClient http, @Nullable FileTime authorities) {}

  ApiConnection(Credentials credentials) {
    this.credentials = credentials;
    this.threads = newThreads();
  }

  private static ExecutorService newThreads() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        1,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "tahini-k8s");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Daemon threads that end when they are not needed. */
  Executor threads() {
    return threads;
  }

  URI uri(String pathAndQuery) {
    String server = credentials.server().toString();
    String withoutSlash = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    return URI.create(withoutSlash + pathAndQuery);
  }

  boolean hasToken() {
    return credentials.tokenFile() != null;
  }

  @Nullable String token() throws IOException {
    return credentials.token();
  }

  /** Not HTTP/2, where one connection carries all watches and dies for all; and no proxy. */
  synchronized HttpClient http() throws IOException {
    if (closed) {
      throw new IOException("nobody watches any more");
    }
    Path ca = credentials.ca();
    FileTime authorities = ca == null ? null : Files.getLastModifiedTime(ca);
    Made last = made;
    if (last == null || (authorities != null && !authorities.equals(last.authorities()))) {
      HttpClient.Builder http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_TIMEOUT)
              .proxy(HttpClient.Builder.NO_PROXY)
              .executor(threads);
      if ("https".equals(credentials.server().getScheme())) {
        http.sslContext(credentials.sslContext());
      }
      last = new Made(http.build(), authorities);
      made = last;
    }
    return last.http();
  }

  /** Has the next request go by a new client, if this is the one that it would go by. */
  synchronized void replace(HttpClient http) {
    Made last = made;
    if (last != null && last.http() == http) {
      made = null;
    }
  }

  /** Why there was no answer, in words for the user. */
  String text(@Nullable Throwable failure) {
    return credentials.server() + ": " + why(failure);
  }

  private static String why(@Nullable Throwable failure) {
    if (failure == null) {
      return "no answer";
    }
    String message = failure.getMessage();
    if (failure instanceof FileSystemException) {
      return message
          + ": cannot be read (expected: as a service account is mounted, or withTokenFile, withCa)";
    }
    if (failure instanceof SSLException) {
      return message + " (its certificates are checked by those of the service account, or withCa)";
    }
    if (isCausedBy(failure, UnresolvedAddressException.class)) {
      return "unknown host";
    }
    if (message != null) {
      return message.replaceAll("\\p{Cntrl}+", " ").strip();
    }
    return failure instanceof ConnectException ? "connection refused" : failure.toString();
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    Throwable cause = failure.getCause();
    return cause != null && (type.isInstance(cause) || isCausedBy(cause, type));
  }

  /**
   * Lets go of the HTTP client, for a closed watch may be kept: the client's own thread ends when
   * it is collected, for which JDK 17 has no other way.
   */
  @Override
  public synchronized void close() {
    closed = true;
    made = null;
  }
}
