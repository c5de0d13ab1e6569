package dev.tahini.rpc.testing;

import dev.tahini.rpc.TimeSource;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A name in this JVM. The server itself registers it, and gives it up as it ends. */
final class InProcessFront implements Front {
  private final String name;
  private final @Nullable TimeSource time;

  InProcessFront(String name, @Nullable TimeSource time) {
    this.name = name;
    this.time = time;
  }

  @Override
  public SocketAddress address() {
    return new InProcessSocketAddress(name);
  }

  @Override
  public ServerBuilder<?> newServer() {
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
    return time == null
        ? builder
        : builder.scheduledExecutorService(time.scheduler()).deadlineTicker(time.ticker());
  }

  @Override
  public void open(Server server) {}

  @Override
  public void shut() {}

  @Override
  public void cut() {}

  @Override
  public boolean isPassable() {
    return true;
  }

  @Override
  public Relay sockets(String fault) {
    throw new IllegalStateException(
        fault
            + ": backend "
            + name
            + " is in-process and has no sockets (expected: a cluster by RpcTestCluster.loopback or"
            + " Builder.loopback)");
  }

  @Override
  public void close() {}
}
