package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.FUTURE;
import static dev.tahini.rpc.tests.Wiring.FUTURE_CLIENT;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static dev.tahini.rpc.tests.Wiring.future;
import static dev.tahini.rpc.tests.Wiring.logging;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Injector;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcBinder.BoundClient;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which clients of one injector share their connections. */
final class SharedChannelsTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  @Test
  void clientsOfOneTargetAndEqualOptionsShareConnections() {
    list(cluster, "s0");
    Injector injector = wiring.injector(BLOCKING, FUTURE);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(1, cluster.backend("s0").connectionsEver());
    assertEquals(1, cluster.discovery().on(TARGET).watches());
    assertEquals(1, injector.getInstance(Clients.class).all().size());
  }

  @Test
  void closingOneOfTheClientsThatShareKeepsTheOthers() {
    list(cluster, "s0");
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> closed = injector.getInstance(CLIENT);
    ProbeFutureStub kept = injector.getInstance(ProbeFutureStub.class);
    closed.stub().ask(ASK);

    closed.close();

    Expect.unavailable(
        "probe.test:grpc: the client is closed", failure(() -> closed.stub().ask(ASK)));
    assertEquals("s0", Probes.answer(kept.ask(ASK)).getServer());
    assertEquals(1, cluster.backend("s0").connectionsEver());
  }

  @Test
  void closingOneOfTheClientsThatShareTwiceKeepsTheOthers() {
    list(cluster, "s0");
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> closed = injector.getInstance(CLIENT);
    ProbeFutureStub kept = injector.getInstance(ProbeFutureStub.class);

    closed.close();
    closed.close();

    assertEquals("s0", Probes.answer(kept.ask(ASK)).getServer());
  }

  @Test
  void closingTheLastOfTheClientsThatShareClosesTheConnection() {
    list(cluster, "s0");
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> one = injector.getInstance(CLIENT);
    RpcClient<ProbeFutureStub> other = injector.getInstance(FUTURE_CLIENT);
    one.stub().ask(ASK);

    one.close();
    other.close();

    cluster.backend("s0").awaitConnections(0);
    assertEquals(0, cluster.discovery().on(TARGET).watches());
    assertEquals(List.of(), injector.getInstance(Clients.class).all());
  }

  static Stream<Arguments> differences() {
    return Stream.of(
        difference("authority", client -> client.authority("other.test")),
        difference("customizer", client -> client.channel(channel -> channel.userAgent("other"))),
        difference("picker", client -> client.picker(new NoPicker())));
  }

  private static Arguments difference(String name, Consumer<BoundClient> option) {
    return Arguments.argumentSet(name, option);
  }

  private record NoPicker() implements Picker.Factory {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      return request -> null;
    }
  }

  @ParameterizedTest
  @MethodSource("differences")
  void clientsOfUnequalOptionsDoNotShareConnections(Consumer<BoundClient> option) {
    list(cluster, "s0");
    Injector injector = wiring.injector(BLOCKING, future(option));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(2, cluster.backend("s0").connectionsEver());
    assertEquals(2, injector.getInstance(Clients.class).all().size());
  }

  @Test
  void interceptorsAreEachClientsOwnThoughTheChannelIsShared() {
    Queue<String> log = new ConcurrentLinkedQueue<>();
    Injector injector =
        wiring.injector(FUTURE, blocking(client -> client.intercept(logging("blocking", log))));

    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));
    assertEquals(List.of(), List.copyOf(log));
    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals(List.of("blocking"), List.copyOf(log));
    assertEquals(1, injector.getInstance(Clients.class).all().size());
  }
}
