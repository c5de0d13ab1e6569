package dev.tahini.rpc.tests;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import io.grpc.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Servers that end their connections while calls are on their way to them. */
final class GoAwayTest {
  private static final int SERVERS = 3;
  private static final int IN_FLIGHT = 100;
  private static final int TIMES = 30;

  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(SERVERS));

  @Test
  void noCallFailsHoweverOftenServersSayGoAway(RpcTestCluster cluster, RpcClient<Channel> client) {
    cluster.awaitReady(client);
    try (ClosedLoop loop = ClosedLoop.start(client.channel(), IN_FLIGHT, LoadPicks.LEAST_LOADED)) {
      for (int i = 0; i < TIMES; i++) {
        TestBackend leaving = cluster.backends().get(i % SERVERS);
        leaving.goAway();
        loop.awaitMore(IN_FLIGHT);
      }

      loop.stopWithoutFailure();
    }
  }
}
