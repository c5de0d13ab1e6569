package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Pickers of the user's that fail, or take none of the backends. */
final class PickerErrorsTest {
  private static final Pick MINE = Pick.with("mine", "a key");

  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Opened opened = new Opened();

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
    try (RpcTestCluster silent = Fleet.unlisted()) {
      RpcClient<ProbeBlockingStub> client = silent.client(ProbeGrpc::newBlockingStub);

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
    cluster.awaitReady(client);

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

  private RpcClient<ProbeBlockingStub> clientWith(Picker.Factory factory) {
    return opened.add(cluster.clientBuilder(ProbeGrpc::newBlockingStub).picker(factory).build());
  }
}
