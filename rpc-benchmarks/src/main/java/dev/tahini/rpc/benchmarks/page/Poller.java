package dev.tahini.rpc.benchmarks.page;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Loads one path of the page 50 times a second, over one connection and with as little of its own
 * as can be: what is measured is the page. Where an answer takes longer than that, the next one
 * follows at once.
 */
final class Poller implements AutoCloseable {
  private static final long PERIOD_MILLIS = 20;
  private static final String LENGTH = "content-length: ";

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final InetSocketAddress page;
  private final byte[] request;

  Poller(InetSocketAddress page, String path) {
    this.page = page;
    this.request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
  }

  /** Loading, until it is stopped. */
  final class Polling {
    private final Socket socket;
    private final InputStream in;
    private final long startNanos = System.nanoTime();
    private final Future<?> task;
    private long answers; // the thread's, until it is stopped

    private Polling() throws IOException {
      socket = new Socket(page.getAddress(), page.getPort());
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      task =
          thread.scheduleAtFixedRate(
              this::poll, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void poll() {
      try {
        socket.getOutputStream().write(request);
        if (!line().equals("HTTP/1.1 200 OK")) {
          throw new IllegalStateException("the page does not answer as it should");
        }
        long length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
          if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
            length = Long.parseLong(line.substring(LENGTH.length()));
          }
        }
        in.skipNBytes(length);
        answers++;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException("the page ended within a line");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    /**
     * Ends it.
     *
     * @return answers per second
     * @throws ExecutionException if one was not as it should be
     */
    double stop() throws IOException, ExecutionException, InterruptedException {
      if (!task.cancel(false)) {
        task.get();
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      Future<Long> counted = thread.submit(() -> answers); // after the last poll
      socket.shutdownOutput();
      double perSecond = counted.get() / seconds;
      socket.close();
      return perSecond;
    }
  }

  /** Loads the page so often, one after the other, until the compilers have done with it. */
  void warmUp(int times) throws IOException, ExecutionException, InterruptedException {
    Polling polling = new Polling();
    Future<?> done =
        thread.submit(
            () -> {
              for (int i = 0; i < times; i++) {
                polling.poll();
              }
            });
    done.get();
    polling.stop();
  }

  Polling start() throws IOException {
    return new Polling();
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
