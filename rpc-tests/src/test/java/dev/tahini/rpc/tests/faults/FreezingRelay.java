package dev.tahini.rpc.tests.faults;

import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client and a server until {@link #freeze}: then nothing passes on the
 * connections that there are, and neither end hears of it, as when a machine or a path is gone. New
 * connections pass. Thread-safe.
 */
final class FreezingRelay implements AutoCloseable {
  private final InetSocketAddress behind;
  private final RawServer front;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();

  private FreezingRelay(Endpoint behind) throws IOException {
    this.behind = (InetSocketAddress) behind.address();
    this.front = RawServer.start(this::carry);
  }

  static FreezingRelay to(Endpoint behind) throws IOException {
    return new FreezingRelay(behind);
  }

  Endpoint endpoint() {
    return front.endpoint();
  }

  /** How many connections there have been. */
  int accepted() {
    return front.accepted();
  }

  /** Lets nothing pass any more on the connections of now. */
  void freeze() {
    frozen.addAll(open);
  }

  private void carry(Socket client) throws IOException {
    open.add(client);
    try (Socket server = new Socket(behind.getAddress(), behind.getPort())) {
      RawServer.daemon(() -> answer(server, client));
      pump(client, client, server);
    } finally {
      open.remove(client);
    }
  }

  private void answer(Socket server, Socket client) {
    try (client) {
      pump(client, server, client);
    } catch (IOException hungUp) {
      // by one of both
    }
  }

  private void pump(Socket client, Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    byte[] buffer = new byte[8192];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      if (!frozen.contains(client)) {
        out.write(buffer, 0, length);
      }
    }
  }

  @Override
  public void close() throws IOException {
    front.close();
  }
}
