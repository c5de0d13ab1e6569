package dev.tahini.rpc.apiserver;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection. One thread reads requests, so that it hears when the client goes; another
 * one answers them in turn. Anybody may end it.
 */
final class Connection {
  private static final long JOIN_MILLIS = 5_000;

  private final Socket raw;
  private final @Nullable ServerTls tls;
  private final ApiHandler handler;
  private final FaultState faults;
  private final Consumer<Connection> onEnd;
  private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicBoolean hasEnded = new AtomicBoolean();
  private final Thread reader;
  private final Thread responder;
  private volatile boolean isDraining;
  private volatile Socket socket;

  private record Exchange(ApiRequest request, ResponseWriter out) {}

  Connection(
      Socket raw,
      @Nullable ServerTls tls,
      ApiHandler handler,
      FaultState faults,
      Consumer<Connection> onEnd) {
    this.raw = raw;
    this.socket = raw;
    this.tls = tls;
    this.handler = handler;
    this.faults = faults;
    this.onEnd = onEnd;
    String name = "apiserver-" + raw.getLocalPort() + "-" + raw.getPort();
    this.reader = thread(this::read, name + "-reader");
    this.responder = thread(this::respond, name + "-responder");
  }

  void start() {
    responder.start();
    reader.start();
  }

  /** Ends with an RST. */
  void reset() {
    try {
      raw.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    end(raw);
  }

  /** Ends as soon as nothing is asked. */
  void drain() {
    isDraining = true;
    if (unanswered.get() == 0) {
      end(socket);
    }
  }

  /** Whether a thread of it runs. */
  boolean isAlive() {
    return reader.isAlive() || responder.isAlive();
  }

  /** Waits until its threads have ended. */
  void join() throws InterruptedException {
    reader.join(JOIN_MILLIS);
    responder.join(JOIN_MILLIS);
  }

  private void read() {
    try {
      faults.stall.pass();
      socket = tls == null ? raw : tls.wrap(raw);
      RequestReader requests = new RequestReader(socket.getInputStream());
      ResponseWriter out = new ResponseWriter(socket.getOutputStream(), faults);
      for (ApiRequest next = requests.next(); next != null; next = requests.next()) {
        unanswered.incrementAndGet();
        handler.seen(next);
        exchanges.add(new Exchange(next, out));
      }
    } catch (IOException | NumberFormatException e) {
      // The client is gone, or speaks no HTTP.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(socket);
    }
  }

  private void respond() {
    try {
      while (true) {
        Exchange exchange = exchanges.take();
        handler.answer(exchange.request(), exchange.out());
        if ((unanswered.decrementAndGet() == 0 && isDraining) || exchange.request().isLast()) {
          return;
        }
      }
    } catch (ConnectionCut e) {
      reset();
    } catch (IOException e) {
      // The client is gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(socket);
    }
  }

  private void end(Socket closing) {
    if (hasEnded.compareAndSet(false, true)) {
      try {
        closing.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
      reader.interrupt();
      responder.interrupt();
      onEnd.accept(this);
    }
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
