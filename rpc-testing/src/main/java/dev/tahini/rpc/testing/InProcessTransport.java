package dev.tahini.rpc.testing;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Names in this JVM, of the form {@code backend@cluster}. The cluster's part is the target, with a
 * number behind it while other clusters of this target are open; a server without services holds
 * it. So one cluster after another has the same addresses, and its shards the same owners.
 */
final class InProcessTransport implements Transport {
  private final @Nullable TimeSource time;
  private final ChannelFactory channelFactory;
  private final String cluster;
  private final Server claim;

  InProcessTransport(String target, @Nullable TimeSource time) {
    this.time = time;
    this.channelFactory =
        time == null ? new InProcessChannelFactory() : InProcessChannelFactory.in(time);
    String name = target;
    Server claimed = claim(name);
    for (int i = 2; claimed == null; i++) {
      name = target + "-" + i;
      claimed = claim(name);
    }
    this.cluster = name;
    this.claim = claimed;
  }

  private static @Nullable Server claim(String name) {
    try {
      return InProcessServerBuilder.forName(name).directExecutor().build().start();
    } catch (IOException taken) {
      return null;
    }
  }

  @Override
  public Front newFront(String backend, @Nullable Integer port) {
    if (port != null) {
      throw new InvalidValueException(
          "port", port, "none, or a cluster on loopback: in-process backends have no ports");
    }
    return new InProcessFront(backend + "@" + cluster, time);
  }

  @Override
  public ChannelFactory channelFactory() {
    return channelFactory;
  }

  @Override
  public void close() {
    claim.shutdownNow();
  }
}
