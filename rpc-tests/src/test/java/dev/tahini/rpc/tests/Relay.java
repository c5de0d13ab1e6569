package dev.tahini.rpc.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Carries connections from a port of its own to a server, and can cut them all at once: to the
 * client the server has died, without GOAWAY or goodbye.
 */
final class Relay implements AutoCloseable {
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch gate;
  private final InetSocketAddress address;
  private volatile @Nullable ServerSocket listening;

  /**
   * Listens on a free port.
   *
   * @param held whether connections are taken and nothing is said on them before {@link #open}
   */
  Relay(int serverPort, boolean held) {
    this.gate = new CountDownLatch(held ? 1 : 0);
    this.address = listen(0, serverPort);
  }

  InetSocketAddress address() {
    return address;
  }

  /** Lets the held connections speak. */
  void open() {
    gate.countDown();
  }

  /** Cuts every connection, and refuses new ones. */
  void cut() {
    close(listening);
    listening = null;
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0); // RST in place of FIN
      } catch (IOException alreadyClosed) {
        // as it should be
      }
      close(socket);
    }
  }

  /** Listens again, on the same port. */
  void relisten(int serverPort) {
    listen(address.getPort(), serverPort);
  }

  private InetSocketAddress listen(int port, int serverPort) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      listening = socket;
      start("relay-accept", () -> acceptAll(socket, serverPort));
      return (InetSocketAddress) socket.getLocalSocketAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll(ServerSocket listener, int serverPort) throws IOException {
    while (true) {
      Socket client = listener.accept();
      sockets.add(client);
      Socket server = new Socket();
      sockets.add(server);
      try {
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
      } catch (IOException refused) {
        close(client);
        continue;
      }
      if (listener.isClosed()) { // cut meanwhile
        close(client);
        close(server);
        return;
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start("relay-out", () -> copy(client, server));
      start("relay-in", () -> copy(server, client));
    }
  }

  private void copy(Socket from, Socket to) throws InterruptedException {
    gate.await();
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException lost) {
      close(from);
      close(to);
    }
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private static void start(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException closed) {
                // the end of the thread
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(@Nullable AutoCloseable socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (Exception alreadyClosed) {
      // nothing is lost
    }
  }

  @Override
  public void close() {
    open();
    cut();
  }
}
