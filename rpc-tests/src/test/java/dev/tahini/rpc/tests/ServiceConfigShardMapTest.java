package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.shard.ShardMaps;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A shard map in a service config is for plain channels: a client has its own, and says so. */
final class ServiceConfigShardMapTest {
  private static final Logger CORE = (Logger) LoggerFactory.getLogger("dev.tahini.rpc.core");

  @AutoClose private final RpcTestCluster cluster = Fleet.of(1);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    CORE.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    CORE.detachAppender(log);
  }

  private RpcClient<ProbeBlockingStub> client(String shardMapOfTheConfig) {
    Map<String, ?> policy = Map.of("tahini", Map.of("shardMap", shardMapOfTheConfig));
    return cluster.client(
        ProbeGrpc::newBlockingStub,
        options ->
            options
                .shardMap(ShardMaps.goma())
                .channel(
                    c -> c.defaultServiceConfig(Map.of("loadBalancingConfig", List.of(policy)))));
  }

  private List<String> warningsOf(RpcClient<ProbeBlockingStub> client) {
    client.stub().ask(ASK); // after which the list and its config have been taken in
    return log.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(message -> message.contains("shardMap"))
        .toList();
  }

  @Test
  void anotherMapThanTheClientsIsReported() {
    RpcClient<ProbeBlockingStub> client = client("maglev");

    assertEquals(
        List.of(
            client.target()
                + ": shardMap of the service config: maglev (expected: the client's, goma, which is"
                + " used; a client's map is set by .shardMap(...))"),
        warningsOf(client));
    assertEquals("goma", client.view().snapshot().shardMap());
  }

  @Test
  void clientsOwnMapIsNotReported() {
    assertEquals(List.of(), warningsOf(client("goma")));
  }
}
