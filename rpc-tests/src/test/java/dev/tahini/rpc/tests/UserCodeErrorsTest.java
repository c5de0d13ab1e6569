package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shard maps, stub factories, features and listeners of the user's that fail. */
final class UserCodeErrorsTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Opened opened = new Opened();

  @Test
  void shardMapThatThrowsFailsCallsByKeySayingWhy() {
    RpcClient<ProbeBlockingStub> client =
        opened.add(
            cluster.clientBuilder(ProbeGrpc::newBlockingStub).shardMap(new BrokenMap()).build());

    Expect.status(
        Status.Code.INTERNAL,
        "no points",
        failure(() -> client.stub(Pick.shard("user")).withDeadlineAfter(Await.PATIENCE).ask(ASK)));
    assertNotNull(client.stub().ask(ASK).getServer());
  }

  private static final class BrokenMap implements ShardMap {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Table build(List<Endpoint> endpoints) {
      throw new IllegalStateException("no points");
    }
  }

  @Test
  void stubFactoryThatThrowsFailsTheBuildAndLeavesNoWatch() {
    IllegalStateException thrown = new IllegalStateException("no stub");
    RpcClient.Builder<ProbeBlockingStub> builder =
        cluster.clientBuilder(
            channel -> {
              throw thrown;
            });

    assertSame(thrown, assertThrows(IllegalStateException.class, builder::build));
    assertEquals(0, cluster.discovery().on(TARGET).watches());
  }

  @Test
  @SuppressWarnings("NullAway") // what a user without NullAway may do
  void stubFactoryThatMakesNullFailsTheBuildSayingSoAndLeavesNoWatch() {
    RpcClient.Builder<ProbeBlockingStub> builder = cluster.clientBuilder(channel -> null);

    NullPointerException thrown = assertThrows(NullPointerException.class, builder::build);

    Expect.contains("stub factory returned null", thrown.getMessage());
    assertEquals(0, cluster.discovery().on(TARGET).watches());
  }

  @Test
  void featureThatThrowsFailsTheBuildAndLeavesNoChannelOpen() {
    IllegalStateException thrown = new IllegalStateException("no interceptors");
    KeptChannelFactory channels = new KeptChannelFactory();
    RpcClient.Builder<ProbeBlockingStub> builder =
        cluster
            .clientBuilder(ProbeGrpc::newBlockingStub)
            .channelFactory(channels)
            .feature(
                new ClientFeature() {
                  @Override
                  public List<ClientInterceptor> interceptors(
                      ClientView client, CallEvents events) {
                    throw thrown;
                  }
                });

    assertSame(thrown, assertThrows(IllegalStateException.class, builder::build));
    assertEquals(0, cluster.discovery().on(TARGET).watches());
    assertTrue(channels.channel().isShutdown());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listenerThatThrowsFailsNoCall(boolean throwsError) {
    RecordedEvents recorded = new RecordedEvents();
    RpcClient<ProbeBlockingStub> client =
        opened.add(
            cluster
                .clientBuilder(ProbeGrpc::newBlockingStub)
                .feature(listening(new Thrower(throwsError)))
                .feature(recorded)
                .build());

    for (int i = 0; i < 10; i++) {
      assertNotNull(client.stub().ask(ASK).getServer());
    }
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("down"));
    list(cluster, "s0");
    assertNotNull(client.stub().ask(ASK).getServer());
    client.close();

    Await.until(() -> recorded.ended().size() == 11);
    assertEquals(11, recorded.picked().size());
    assertEquals(1, recorded.discoveryFailures().size());
    assertEquals(1, recorded.clientsClosed());
    assertTrue(
        recorded.states().stream().anyMatch(change -> change.to() == ConnectivityState.READY));
  }

  private static ClientFeature listening(CallEvents listener) {
    return new ClientFeature() {
      @Override
      public Optional<CallEvents> events(ClientView client) {
        return Optional.of(listener);
      }
    };
  }

  /** Throws from everything. */
  private record Thrower(boolean throwsError) implements CallEvents {
    private void fail() {
      if (throwsError) {
        throw new NoClassDefFoundError("com/example/Metrics");
      }
      throw new IllegalStateException("no metrics");
    }

    @Override
    public void onPick(Picked event) {
      fail();
    }

    @Override
    public void onAttemptEnd(AttemptEnded event) {
      fail();
    }

    @Override
    public void onBackendState(BackendStateChanged event) {
      fail();
    }

    @Override
    public void onEndpoints(EndpointsChanged event) {
      fail();
    }

    @Override
    public void onDiscoveryError(DiscoveryFailed event) {
      fail();
    }

    @Override
    public void onClientClosed() {
      fail();
    }
  }
}
