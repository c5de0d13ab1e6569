package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;

/**
 * One gRPC server for a unit test: services in, an address, a channel and a client out.
 *
 * <pre>{@code
 * try (RpcTestServer server = RpcTestServer.inProcess(new GreeterService())) {
 *   GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(server.channel());
 *   ...
 * }
 * }</pre>
 *
 * <p>{@link #inProcess} is the quicker one; {@link #loopback} has real sockets, on a port of the
 * system's choosing. Closing stops the server, closes its channel and waits for both. Thread-safe.
 */
public final class RpcTestServer implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Server server;
  private final SocketAddress address;
  private final ManagedChannel channel;

  private RpcTestServer(Server server, SocketAddress address, ManagedChannel channel) {
    this.server = server;
    this.address = address;
    this.channel = channel;
  }

  /**
   * Starts a server inside this JVM, without sockets.
   *
   * @param services what it serves
   * @return the running server
   */
  public static RpcTestServer inProcess(BindableService... services) {
    String name = InProcessServerBuilder.generateName();
    Server server = start(InProcessServerBuilder.forName(name), services);
    return new RpcTestServer(
        server, new InProcessSocketAddress(name), InProcessChannelBuilder.forName(name).build());
  }

  /**
   * Starts a server on a free port of the loopback address, in plaintext.
   *
   * @param services what it serves
   * @return the running server
   */
  public static RpcTestServer loopback(BindableService... services) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server server =
        start(NettyServerBuilder.forAddress(anyPort, InsecureServerCredentials.create()), services);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    return new RpcTestServer(
        server, address, NettyChannelBuilder.forAddress(address).usePlaintext().build());
  }

  private static Server start(ServerBuilder<?> builder, BindableService... services) {
    for (BindableService service : services) {
      builder.addService(service);
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException("test server: cannot listen: " + e.getMessage(), e);
    }
  }

  /**
   * Where it listens.
   *
   * @return an address for a discovery to list
   */
  public SocketAddress address() {
    return address;
  }

  /**
   * Where it listens, as a discovery lists it.
   *
   * @return a serving endpoint of weight 1
   */
  public Endpoint endpoint() {
    return Endpoint.of(address);
  }

  /**
   * A plain channel to it, without balancing.
   *
   * @return always the same, closed with the server
   */
  public Channel channel() {
    return channel;
  }

  /**
   * A balancing client whose only backend is this server.
   *
   * @param <S> the stub
   * @param stubs makes a stub of a channel, such as {@code GreeterGrpc::newBlockingStub}
   * @return a new client, for the caller to close
   */
  public <S> RpcClient<S> client(Function<? super Channel, ? extends S> stubs) {
    TestDiscovery discovery = new TestDiscovery();
    discovery.set(endpoint());
    RpcClient.Builder<S> builder =
        RpcClient.<S>builder("test-server", stubs)
            .discovery(discovery)
            .feature(discovery)
            .plaintext();
    if (address instanceof InProcessSocketAddress) {
      builder.channelFactory(new InProcessChannelFactory());
    }
    return builder.build();
  }

  /**
   * Stops: cuts the calls in flight, closes the channel, and waits for the end of both, 10 s at
   * most. Idempotent.
   *
   * @throws IllegalStateException if they have not ended by then
   */
  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      if (!channel.awaitTermination(PATIENCE_SECONDS / 2, SECONDS)
          || !server.awaitTermination(PATIENCE_SECONDS / 2, SECONDS)) {
        throw new IllegalStateException(
            "test server "
                + endpoint().addressText()
                + " has not stopped after "
                + PATIENCE_SECONDS
                + " s: does a service block?");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
