package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.load;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import io.grpc.Channel;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that drain before they stop, under load. */
final class RollingRestartTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 200;

  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(SERVERS));

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void noCallFailsWhileEachServerIsDrainedAndRestartedInTurn(
      LoadPicks picks, RpcTestCluster cluster, RpcClient<Channel> client) {
    cluster.awaitReady(client);
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, picks)) {
      for (TestBackend backend : cluster.backends()) {
        backend.drain();
        loop.awaitMore(IN_FLIGHT);
        backend.restart();
        backend.awaitConnections(1);
        cluster.awaitReady(client);
        long answers = loop.answersOf(backend);
        Await.until(() -> loop.answersOf(backend) > answers);
      }

      loop.stopWithoutFailure();
    }
  }
}
