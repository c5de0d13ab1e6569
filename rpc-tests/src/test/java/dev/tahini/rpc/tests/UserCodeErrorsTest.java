package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickers, stubs, features and listeners of the user's that fail. */
final class UserCodeErrorsTest {
  private static final Pick MINE = Pick.with("mine", "a key");

  @AutoClose private final Fleet fleet = Fleet.of(2);

  /** A factory of a test's own. */
  private record Mine(Function<Picker.Backends, Picker> maker) implements Picker.Factory {
    static Mine of(Picker picker) {
      return new Mine(backends -> picker);
    }

    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      return maker.apply(backends);
    }
  }

  @Test
  void unknownPickerFailsTheCallThoughNothingIsListed() {
    try (Fleet silent = Fleet.unlisted()) {
      RpcClient<ProbeBlockingStub> client = silent.client();

      Status status = failure(() -> client.stub(Pick.with("by_tenant", "t")).ask(ASK));

      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
      assertEquals(
          "picker: by_tenant (expected: a Picker.Factory of that name given to the client, which"
              + " has none)",
          status.getDescription());
    }
  }

  @Test
  void unknownPickerFailsTheCallNamingThoseThatThereAre() {
    RpcClient<ProbeBlockingStub> client = clientWith(Mine.of(request -> null));

    Status status = failure(() -> client.stub(Pick.with("by_tenant", "t")).ask(ASK));

    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode());
    assertEquals("picker: by_tenant (expected: one of mine)", status.getDescription());
  }

  @Test
  void pickerThatThrowsFailsItsCallNamingIt() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(
            Mine.of(
                request -> {
                  throw new IllegalStateException("bad table");
                }));

    assertInternalAndOthersServed(client, "bad table");
  }

  @Test
  void pickerThatThrowsAnErrorFailsItsCallNamingIt() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(
            Mine.of(
                request -> {
                  throw new NoClassDefFoundError("com/example/Table");
                }));

    assertInternalAndOthersServed(client, "com/example/Table");
  }

  @Test
  void pickerThatThrowsFailsItsCallUnderWaitForReadyToo() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(
            Mine.of(
                request -> {
                  throw new IllegalStateException("bad table");
                }));

    Expect.status(
        Status.Code.INTERNAL,
        "picker mine failed",
        failure(
            () -> client.stub(MINE).withWaitForReady().withDeadlineAfter(Await.PATIENCE).ask(ASK)));
  }

  @Test
  void pickerThatChoosesABackendOfAnotherClientFailsItsCallNamingIt() {
    List<Backend> ofAnother = new CopyOnWriteArrayList<>();
    clientWith(
        new Mine(
            backends -> {
              ofAnother.addAll(backends.all());
              return request -> null;
            }));
    assertEquals(2, ofAnother.size());

    RpcClient<ProbeBlockingStub> client = clientWith(Mine.of(request -> ofAnother.get(0)));

    assertInternalAndOthersServed(client, "a backend of another client");
  }

  @Test
  void factoryThatThrowsFailsItsCallsNamingIt() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(
            new Mine(
                backends -> {
                  throw new IllegalStateException("no table");
                }));

    assertInternalAndOthersServed(client, "no table");
  }

  @Test
  void factoryThatThrowsAnErrorFailsItsCallsNamingIt() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(
            new Mine(
                backends -> {
                  throw new NoClassDefFoundError("com/example/Table");
                }));

    assertInternalAndOthersServed(client, "com/example/Table");
  }

  @Test
  @SuppressWarnings("NullAway") // what a user without NullAway may do
  void factoryThatMakesNullFailsItsCallsNamingIt() {
    RpcClient<ProbeBlockingStub> client = clientWith(new Mine(backends -> null));

    assertInternalAndOthersServed(client, "null");
  }

  private static void assertInternalAndOthersServed(
      RpcClient<ProbeBlockingStub> client, String why) {
    Status status = failure(() -> client.stub(MINE).ask(ASK));
    Expect.status(Status.Code.INTERNAL, "probe.test:grpc: picker mine failed: ", status);
    Expect.status(Status.Code.INTERNAL, why, status);
    assertNotNull(client.stub().ask(ASK).getServer());
    assertEquals(Status.Code.INTERNAL, failure(() -> client.stub(MINE).ask(ASK)).getCode());
  }

  @Test
  void pickerThatSuitsNothingFailsItsCall() {
    RpcClient<ProbeBlockingStub> client = clientWith(Mine.of(request -> null));
    Fleet.awaitReady(client, 2);

    Expect.unavailable(
        "probe.test:grpc: its picker takes none of the 2 backends that are ready",
        failure(() -> client.stub(MINE).ask(ASK)));
    assertNotNull(client.stub().ask(ASK).getServer());
  }

  @Test
  void pickerSaysItselfWhyNothingSuits() {
    RpcClient<ProbeBlockingStub> client =
        clientWith(Mine.of(saying(Status.RESOURCE_EXHAUSTED.withDescription("quota of the day"))));

    Expect.status(
        Status.Code.RESOURCE_EXHAUSTED,
        "probe.test:grpc: quota of the day",
        failure(() -> client.stub(MINE).ask(ASK)));
  }

  @Test
  void pickersStatusWithoutTextDoesNotSayNull() {
    RpcClient<ProbeBlockingStub> client = clientWith(Mine.of(saying(Status.UNAVAILABLE)));

    Status status = failure(() -> client.stub(MINE).ask(ASK));

    Expect.unavailable("probe.test:grpc", status);
    assertTrue(!String.valueOf(status.getDescription()).contains("null"), status::toString);
  }

  private static Picker saying(Status why) {
    return new Picker() {
      @Override
      public @Nullable Backend pick(PickRequest request) {
        return null;
      }

      @Override
      public Status whyNone(PickRequest request) {
        return why;
      }
    };
  }

  @Test
  void shardMapThatThrowsFailsCallsByKeySayingWhy() {
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(fleet.builder().shardMap(new BrokenMap()).build());

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
        fleet.builder(
            channel -> {
              throw thrown;
            });

    assertSame(thrown, assertThrows(IllegalStateException.class, builder::build));
    assertEquals(0, fleet.discovery().openWatches());
  }

  @Test
  @SuppressWarnings("NullAway") // what a user without NullAway may do
  void stubFactoryThatMakesNullFailsTheBuildSayingSoAndLeavesNoWatch() {
    RpcClient.Builder<ProbeBlockingStub> builder = fleet.builder(channel -> null);

    NullPointerException thrown = assertThrows(NullPointerException.class, builder::build);

    Expect.contains("stub factory returned null", thrown.getMessage());
    assertEquals(0, fleet.discovery().openWatches());
  }

  @Test
  void featureThatThrowsFailsTheBuildAndLeavesNoChannelOpen() {
    IllegalStateException thrown = new IllegalStateException("no interceptors");
    KeptChannelFactory channels = new KeptChannelFactory();
    RpcClient.Builder<ProbeBlockingStub> builder =
        fleet
            .builder()
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
    assertEquals(0, fleet.discovery().openWatches());
    assertTrue(channels.channel().isShutdown());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listenerThatThrowsFailsNoCall(boolean throwsError) {
    RecordedEvents recorded = new RecordedEvents();
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(
            fleet.builder().feature(listening(new Thrower(throwsError))).feature(recorded).build());

    for (int i = 0; i < 10; i++) {
      assertNotNull(client.stub().ask(ASK).getServer());
    }
    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("down"));
    fleet.list(fleet.server(0));
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

  private RpcClient<ProbeBlockingStub> clientWith(Picker.Factory factory) {
    return fleet.closing(fleet.builder().picker(factory).build());
  }
}
