package dev.tahini.rpc.tests.faults;

import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of loopback that speaks whatever a test makes it speak, each connection on a daemon thread
 * of its own. Thread-safe.
 */
public final class RawServer implements AutoCloseable {
  private final ServerSocket port;
  private final Conversation conversation;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();

  /** What is said on one connection, which is closed after that. */
  public interface Conversation {
    void hold(Socket socket) throws IOException;
  }

  private RawServer(Conversation conversation) throws IOException {
    this.port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.conversation = conversation;
  }

  public static RawServer start(Conversation conversation) throws IOException {
    RawServer server = new RawServer(conversation);
    daemon(server::accept);
    return server;
  }

  /** Reads, and says nothing. */
  static void listen(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] heard = new byte[4096];
    while (in.read(heard) >= 0) {
      // not worth an answer
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = port.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        daemon(() -> hold(socket));
      }
    } catch (IOException closed) {
      // the port is closed, as is its end
    }
  }

  private void hold(Socket socket) {
    try (socket) {
      conversation.hold(socket);
    } catch (IOException hungUp) {
      // by the client, or by close()
    } finally {
      sockets.remove(socket);
    }
  }

  static void daemon(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  public Endpoint endpoint() {
    return Endpoint.of(port.getLocalSocketAddress());
  }

  /** How many connections there have been. */
  int accepted() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    port.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
