package dev.tahini.rpc.tests;

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
  @AutoClose private final Fleet fleet = Fleet.of(2);
  private final Wiring wiring = new Wiring(fleet);

  @Test
  void clientsOfOneTargetAndEqualOptionsShareConnections() {
    fleet.list(fleet.server(0));
    Injector injector = wiring.injector(BLOCKING, FUTURE);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(1, fleet.server(0).connectionsEver());
    assertEquals(1, fleet.discovery().watched().size());
    assertEquals(1, injector.getInstance(Clients.class).all().size());
  }

  @Test
  void closingOneOfTheClientsThatShareKeepsTheOthers() {
    fleet.list(fleet.server(0));
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> closed = injector.getInstance(CLIENT);
    ProbeFutureStub kept = injector.getInstance(ProbeFutureStub.class);
    closed.stub().ask(ASK);

    closed.close();

    Expect.unavailable(
        "probe.test:grpc: the client is closed", failure(() -> closed.stub().ask(ASK)));
    assertEquals("s0", Probes.answer(kept.ask(ASK)).getServer());
    assertEquals(1, fleet.server(0).connectionsEver());
  }

  @Test
  void closingOneOfTheClientsThatShareTwiceKeepsTheOthers() {
    fleet.list(fleet.server(0));
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> closed = injector.getInstance(CLIENT);
    ProbeFutureStub kept = injector.getInstance(ProbeFutureStub.class);

    closed.close();
    closed.close();

    assertEquals("s0", Probes.answer(kept.ask(ASK)).getServer());
  }

  @Test
  void closingTheLastOfTheClientsThatShareClosesTheConnection() {
    fleet.list(fleet.server(0));
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    RpcClient<ProbeBlockingStub> one = injector.getInstance(CLIENT);
    RpcClient<ProbeFutureStub> other = injector.getInstance(FUTURE_CLIENT);
    one.stub().ask(ASK);

    one.close();
    other.close();

    Await.until("no connection", () -> fleet.server(0).connections() == 0);
    assertEquals(0, fleet.discovery().openWatches());
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
    fleet.list(fleet.server(0));
    Injector injector = wiring.injector(BLOCKING, future(option));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(2, fleet.server(0).connectionsEver());
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
