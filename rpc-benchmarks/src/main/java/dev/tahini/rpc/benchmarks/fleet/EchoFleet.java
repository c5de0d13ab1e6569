package dev.tahini.rpc.benchmarks.fleet;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers on 127.0.0.1, 127.0.0.2 and so on, all on one port, since an address record has none.
 * They answer on the event loop. For one thread.
 */
public final class EchoFleet implements AutoCloseable {
  private static final int TRIES = 20;

  private final List<EchoBackend> backends = new ArrayList<>();
  private final List<Server> servers = new ArrayList<>();

  private EchoFleet() {}

  /**
   * Starts them.
   *
   * @param count up to 254
   * @throws IOException if no port is free on all addresses
   */
  public static EchoFleet start(int count) throws IOException {
    IOException last = new IOException("no try");
    for (int i = 0; i < TRIES; i++) {
      EchoFleet fleet = new EchoFleet();
      try {
        fleet.listen(count);
        return fleet;
      } catch (IOException e) { // taken on one of the addresses: another port, then
        fleet.close();
        last = e;
      }
    }
    throw new IOException("port: none is free on 127.0.0.1 to 127.0.0." + count, last);
  }

  private void listen(int count) throws IOException {
    int port = 0;
    for (int i = 0; i < count; i++) {
      EchoBackend backend = new EchoBackend();
      Server server =
          NettyServerBuilder.forAddress(new InetSocketAddress(address(i), port))
              .addService(backend)
              .directExecutor()
              .build()
              .start();
      servers.add(server);
      backends.add(backend);
      port = server.getPort();
    }
  }

  /** The address of one of them, which are counted from 0; without the port. */
  public static String address(int index) {
    return "127.0.0." + (index + 1);
  }

  public int port() {
    return servers.get(0).getPort();
  }

  public EchoBackend backend(int index) {
    return backends.get(index);
  }

  /** Ends them, and the calls in flight with them. */
  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
  }
}
