package dev.tahini.rpc.testing;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.net.SocketAddress;

/**
 * How a backend is reached: an address that stays the same whatever becomes of the servers behind
 * it. Called by one thread at a time.
 */
interface Front {

  SocketAddress address();

  /** Begins a server to be put behind it. */
  ServerBuilder<?> newServer();

  /** Lets new connections in, to a server that has started. */
  void open(Server server);

  /** Lets no new connections in. */
  void shut();

  /** Lets no new connections in, and cuts those that are there. */
  void cut();

  /** Whether a client can get through to a server that is up. */
  boolean isPassable();

  /**
   * What only sockets know.
   *
   * @param fault what is asked for
   * @throws IllegalStateException if there are no sockets
   */
  Relay sockets(String fault);

  /** Cuts everything, and gives the address up. */
  void close();
}
