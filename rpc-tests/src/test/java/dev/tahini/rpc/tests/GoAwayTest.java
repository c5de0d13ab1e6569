package dev.tahini.rpc.tests;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import io.grpc.Channel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that end their connections while calls are on their way to them, with gRPC's retries and
 * with the retry feature's.
 */
final class GoAwayTest {
  private static final int SERVERS = 3;
  private static final int IN_FLIGHT = 100;
  private static final int TIMES = 30;

  @ParameterizedTest
  @EnumSource
  void noCallFailsHoweverOftenServersSayGoAway(Retries retries) {
    try (RpcTestCluster cluster = Fleet.of(SERVERS);
        RpcClient<Channel> client =
            retries.on(cluster.<Channel>clientBuilder(channel -> channel)).build();
        ClosedLoop loop = loopOnceReady(cluster, client)) {
      for (int i = 0; i < TIMES; i++) {
        cluster.backends().get(i % SERVERS).goAway();
        loop.awaitMore(IN_FLIGHT);
      }

      loop.stopWithoutFailure();
    }
  }

  private static ClosedLoop loopOnceReady(RpcTestCluster cluster, RpcClient<Channel> client) {
    cluster.awaitReady(client);
    return ClosedLoop.start(client.channel(), IN_FLIGHT, LoadPicks.LEAST_LOADED);
  }
}
