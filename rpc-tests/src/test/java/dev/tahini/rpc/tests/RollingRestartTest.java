package dev.tahini.rpc.tests;

import dev.tahini.rpc.core.RpcClient;
import io.grpc.Channel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that drain before they stop, under load. */
final class RollingRestartTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 200;

  @AutoClose private final Fleet fleet = Fleet.of(SERVERS);

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void noCallFailsWhileEachServerIsDrainedAndRestartedInTurn(LoadPicks picks) {
    RpcClient<Channel> client = fleet.client(channel -> channel);
    Fleet.awaitReady(client, SERVERS);
    ClosedLoop loop = fleet.load(client, IN_FLIGHT, picks);

    for (ProbeServer server : fleet.servers()) {
      int connections = server.connectionsEver();
      server.drain();
      loop.awaitMore(IN_FLIGHT);
      server.restart();
      Await.until(() -> server.connectionsEver() > connections);
      Fleet.awaitReady(client, SERVERS);
      long answers = loop.answersOf(server);
      Await.until(() -> loop.answersOf(server) > answers);
    }

    loop.stopWithoutFailure();
  }
}
