package dev.tahini.rpc.apiserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The port and its connections. Its monitor guards both. Thread-safe. */
final class Listener {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 1_024;
  private static final long JOIN_MILLIS = 5_000;

  private final @Nullable ServerTls tls;
  private final ApiHandler handler;
  private final FaultState faults;
  private final Progress progress;
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final List<Connection> ended = new ArrayList<>();
  private final List<Thread> acceptors = new ArrayList<>();
  private @Nullable ServerSocket serverSocket;
  private int port;
  private boolean isClosed;

  Listener(
      int port, @Nullable ServerTls tls, ApiHandler handler, FaultState faults, Progress progress) {
    this.port = port;
    this.tls = tls;
    this.handler = handler;
    this.faults = faults;
    this.progress = progress;
  }

  synchronized int port() {
    return port;
  }

  synchronized int openConnections() {
    return connections.size();
  }

  /** Listens, if it does not. */
  synchronized void open() throws IOException {
    if (isClosed || serverSocket != null) {
      return;
    }
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    try {
      opened.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    serverSocket = opened;
    port = opened.getLocalPort();
    Thread acceptor = new Thread(() -> acceptFrom(opened), "apiserver-" + port + "-acceptor");
    acceptor.setDaemon(true);
    acceptors.removeIf(thread -> !thread.isAlive());
    acceptors.add(acceptor);
    acceptor.start();
  }

  /** As {@link #open}, on the port that it had. */
  void accept() {
    try {
      open();
    } catch (IOException e) {
      throw new IllegalStateException("port: " + port() + " (expected: still free)", e);
    }
  }

  /** Listens no more. The port is free only when no thread waits on it, so this waits for that. */
  void refuse() {
    List<Thread> waiting;
    synchronized (this) {
      if (serverSocket != null) {
        closeQuietly(serverSocket);
        serverSocket = null;
      }
      waiting = List.copyOf(acceptors);
    }
    try {
      for (Thread thread : waiting) {
        thread.join(JOIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void drain() {
    refuse();
    all().forEach(Connection::drain);
  }

  void resetAll() {
    all().forEach(Connection::reset);
  }

  void close() {
    synchronized (this) {
      isClosed = true;
    }
    refuse();
    try {
      resetAll();
      for (Connection connection : allEnded()) {
        connection.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<Connection> all() {
    return List.copyOf(connections);
  }

  private synchronized List<Connection> allEnded() {
    return List.copyOf(ended);
  }

  private void acceptFrom(ServerSocket from) {
    while (true) {
      try {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        add(from, socket);
      } catch (IOException e) {
        if (from.isClosed()) {
          return;
        }
      }
    }
  }

  private synchronized void add(ServerSocket from, Socket socket) throws IOException {
    if (from != serverSocket) {
      socket.setSoLinger(true, 0);
      socket.close();
      return;
    }
    Connection connection = new Connection(socket, tls, handler, faults, this::remove);
    ended.removeIf(other -> !other.isAlive());
    connections.add(connection);
    connection.start();
    progress.changed();
  }

  private synchronized void remove(Connection connection) {
    connections.remove(connection);
    ended.add(connection);
    progress.changed();
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
