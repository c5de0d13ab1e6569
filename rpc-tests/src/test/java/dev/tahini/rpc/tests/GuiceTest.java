package dev.tahini.rpc.tests;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.name.Names;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.ChannelFactory;
import dev.tahini.rpc.core.RpcBinder.BoundClient;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.RpcModule;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.testing.InProcessChannelFactory;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that Guice wires. */
final class GuiceTest {
  private static final Key<RpcClient<ProbeBlockingStub>> CLIENT = Key.get(new TypeLiteral<>() {});
  private static final Key<RpcClient<ProbeFutureStub>> FUTURE_CLIENT =
      Key.get(new TypeLiteral<>() {});

  @AutoClose private final Fleet fleet = Fleet.of(2);

  /** A class of the application's. */
  private static final class Application {
    private final ProbeBlockingStub stub;
    private final RpcClient<ProbeBlockingStub> client;

    @Inject
    Application(ProbeBlockingStub stub, RpcClient<ProbeBlockingStub> client) {
      this.stub = stub;
      this.client = client;
    }
  }

  @Test
  void stubAndItsClientAreInjected() {
    Application application = injector(this::bindBlocking).getInstance(Application.class);

    assertSame(application.client.stub(), application.stub);
    assertEquals(
        "s1",
        application
            .stub
            .withOption(Pick.OPTION, Pick.address(fleet.server(1).address()))
            .ask(ASK)
            .getServer());
  }

  @Test
  void clientOfAStubIsOne() {
    Injector injector = injector(this::bindBlocking);

    assertSame(injector.getInstance(CLIENT), injector.getInstance(CLIENT));
  }

  @Test
  void qualifiersTellClientsOfOneStubApart() {
    ProbeServer backup = fleet.add(ProbeServer.start("backup"));
    Injector injector =
        injector(
            binder -> {
              bindBlocking(binder);
              rpcBinder(binder)
                  .bindClient(
                      ProbeBlockingStub.class, Names.named("backup"), ProbeGrpc::newBlockingStub)
                  .to("static:///" + backup.address())
                  .plaintext();
            });

    ProbeBlockingStub stub =
        injector.getInstance(Key.get(ProbeBlockingStub.class, Names.named("backup")));
    assertEquals("backup", stub.ask(ASK).getServer());
    assertEquals(
        "static:///" + backup.address(),
        injector.getInstance(CLIENT.withAnnotation(Names.named("backup"))).target().toString());
    assertEquals(Fleet.TARGET, injector.getInstance(CLIENT).target().toString());
  }

  @Test
  void nothingIsWatchedBeforeAClientIsAskedFor() {
    Injector injector = injector(this::bindBlocking);
    assertEquals(List.of(), fleet.discovery().watched());

    injector.getInstance(CLIENT);

    assertEquals(1, fleet.discovery().watched().size());
  }

  // Shared channels

  @Test
  void clientsOfOneTargetAndEqualOptionsShareConnections() {
    fleet.list(fleet.server(0));
    Injector injector = injector(this::bindBlocking, this::bindFuture);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(1, fleet.server(0).connectionsEver());
    assertEquals(1, fleet.discovery().watched().size());
    assertEquals(1, injector.getInstance(Clients.class).all().size());
  }

  @Test
  void closingOneOfTheClientsThatShareKeepsTheOthers() {
    fleet.list(fleet.server(0));
    Injector injector = injector(this::bindBlocking, this::bindFuture);
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
    Injector injector = injector(this::bindBlocking, this::bindFuture);
    RpcClient<ProbeBlockingStub> closed = injector.getInstance(CLIENT);
    ProbeFutureStub kept = injector.getInstance(ProbeFutureStub.class);

    closed.close();
    closed.close();

    assertEquals("s0", Probes.answer(kept.ask(ASK)).getServer());
  }

  @Test
  void closingTheLastOfTheClientsThatShareClosesTheConnection() {
    fleet.list(fleet.server(0));
    Injector injector = injector(this::bindBlocking, this::bindFuture);
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
    Injector injector =
        injector(
            this::bindBlocking,
            binder ->
                option.accept(
                    rpcBinder(binder)
                        .bindClient(ProbeFutureStub.class, ProbeGrpc::newFutureStub)
                        .to(Fleet.TARGET)
                        .plaintext()));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));

    assertEquals(2, fleet.server(0).connectionsEver());
    assertEquals(2, injector.getInstance(Clients.class).all().size());
  }

  @Test
  void interceptorsAreEachClientsOwnThoughTheChannelIsShared() {
    Queue<String> log = new ConcurrentLinkedQueue<>();
    Injector injector =
        injector(
            this::bindFuture,
            binder ->
                rpcBinder(binder)
                    .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                    .to(Fleet.TARGET)
                    .plaintext()
                    .intercept(logging("blocking", log)));

    Probes.answer(injector.getInstance(ProbeFutureStub.class).ask(ASK));
    assertEquals(List.of(), List.copyOf(log));
    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals(List.of("blocking"), List.copyOf(log));
    assertEquals(1, injector.getInstance(Clients.class).all().size());
  }

  // Features

  @Test
  void featuresInterceptInTheOrderOfInstallationInsideOfTheUsers() {
    Queue<String> log = new ConcurrentLinkedQueue<>();
    Injector injector =
        injector(
            feature(intercepting("first", log)),
            feature(intercepting("second", log)),
            binder ->
                rpcBinder(binder)
                    .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                    .to(Fleet.TARGET)
                    .plaintext()
                    .intercept(logging("user 1", log), logging("user 2", log)));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals(List.of("user 1", "user 2", "first", "second"), List.copyOf(log));
  }

  @Test
  void everyFeatureHearsTheEvents() {
    RecordedEvents one = new RecordedEvents();
    RecordedEvents other = new RecordedEvents();
    Injector injector = injector(feature(one), feature(other), this::bindBlocking);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    Await.until(() -> one.ended().size() == 1 && other.ended().size() == 1);
    assertEquals(one.picked(), other.picked());
    assertEquals(1, one.picked().size());
  }

  @Test
  void featureIsClosedOnceAfterItsClients() {
    RecordedEvents feature = new RecordedEvents();
    Injector injector = injector(feature(feature), this::bindBlocking);
    injector.getInstance(CLIENT).close();
    assertEquals(0, feature.featureClosed());

    injector.getInstance(RpcClients.class).close();
    injector.getInstance(RpcClients.class).close();

    assertEquals(1, feature.featureClosed());
    assertEquals(1, feature.clientsClosed());
  }

  // Discoveries

  @Test
  void twoDiscoveriesWithoutADefaultFailTheInjectorSayingSo() {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    listDiscovery(), StaticDiscoveryModule.names(Map.of()), this::bindBlocking));

    Expect.contains(
        "discoveries: [[list], [static]] (expected: one of several marked as the default by"
            + " .asDefault(); marked are 0)",
        failure.getMessage());
  }

  @Test
  void twoDefaultDiscoveriesFailTheInjectorSayingSo() {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    installing(new InstalledDiscovery(fleet.discovery(), true)),
                    StaticDiscoveryModule.names(Map.of()).asDefault(),
                    this::bindBlocking));

    Expect.contains("marked are 2", failure.getMessage());
  }

  @Test
  void defaultOfTwoDiscoveriesServesTargetsWithoutScheme() {
    Injector injector =
        closed(
            Guice.createInjector(
                installing(new InstalledDiscovery(new ListDiscovery("unused"), false)),
                StaticDiscoveryModule.names(Map.of(Fleet.TARGET, fleet.server(1).address()))
                    .asDefault(),
                this::bindBlocking));

    assertEquals("s1", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
  }

  @Test
  void otherOfTwoDiscoveriesServesTargetsOfItsScheme() {
    Injector injector =
        closed(
            Guice.createInjector(
                listDiscovery(),
                StaticDiscoveryModule.names(Map.of()).asDefault(),
                binder -> bindBlocking(binder, "list:///probe.test:grpc")));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals("list:///probe.test:grpc", fleet.discovery().watched().get(0).toString());
  }

  @Test
  void staticNamesStandForListsOfAddresses() {
    Map<String, String> names =
        Map.of(Fleet.TARGET, fleet.server(0).address() + "," + fleet.server(1).address());
    Injector injector =
        closed(Guice.createInjector(StaticDiscoveryModule.names(names), this::bindBlocking));
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);

    Fleet.awaitReady(client, 2);

    assertEquals(
        Set.of(fleet.server(0).address(), fleet.server(1).address()),
        client.view().snapshot().backends().stream()
            .map(backend -> backend.address())
            .collect(Collectors.toSet()));
  }

  @Test
  void nameThatIsNotInTheTableFailsTheClientNamingThoseThatAre() {
    Injector injector =
        closed(
            Guice.createInjector(
                StaticDiscoveryModule.names(Map.of("other.test:80", "127.0.0.1:1")),
                this::bindBlocking));

    ProvisionException failure =
        assertThrows(ProvisionException.class, () -> injector.getInstance(CLIENT));

    Expect.contains(
        "target: probe.test:grpc (expected: static:///host:port, or one of the names"
            + " [other.test:80])",
        failure.getMessage());
  }

  // Errors of the binding

  @Test
  void clientWithoutTargetFailsTheInjectorNamingItsStub() {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    listDiscovery(),
                    binder ->
                        rpcBinder(binder)
                            .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                            .plaintext()));

    Expect.contains(
        "target: null (expected: bindClient(...).to(target) for ProbeGrpc", failure.getMessage());
    Expect.contains("ProbeBlockingStub)", failure.getMessage());
  }

  @ParameterizedTest
  @MethodSource("badTargets")
  void badTargetFailsTheInjectorNamingIt(String target, String message) {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () -> Guice.createInjector(listDiscovery(), binder -> bindBlocking(binder, target)));

    Expect.contains(message, failure.getMessage());
  }

  static Stream<Arguments> badTargets() {
    return Stream.of(
        Arguments.of("probe.test:99999", "target: probe.test:99999: port: 99999 (expected: "),
        Arguments.of(
            "k8s:///probe.test:80",
            "target: k8s:///probe.test:80 (expected: one of the schemes [list, static]"));
  }

  @Test
  void targetWithoutSchemeAndWithoutDiscoveryFailsTheInjectorNamingIt() {
    CreationException failure =
        assertThrows(CreationException.class, () -> Guice.createInjector(this::bindBlocking));

    Expect.contains(
        "target: probe.test:grpc (expected: a scheme such as static:///, or an installed discovery",
        failure.getMessage());
  }

  @Test
  void staticListUnderTlsWithoutAuthorityFailsTheInjectorNamingIt() {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    binder ->
                        rpcBinder(binder)
                            .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                            .to("static:///10.0.0.1:80,10.0.0.2:80")));

    Expect.contains("authority: null (expected: ", failure.getMessage());
    Expect.contains("static:///10.0.0.1:80,10.0.0.2:80", failure.getMessage());
  }

  @Test
  void stubThatIsBoundTwiceFailsTheInjectorNamingTheCaller() {
    CreationException failure =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    listDiscovery(),
                    binder -> {
                      bindBlocking(binder);
                      bindBlocking(binder, "list:///other:80");
                    }));

    Expect.contains("ProbeBlockingStub", failure.getMessage());
    Expect.contains("GuiceTest.java", failure.getMessage());
  }

  // Life

  @Test
  void injectorsDoNotSeeEachOthersClients() {
    Injector one = injector(this::bindBlocking);
    Injector other = injector(this::bindBlocking);
    RpcClient<ProbeBlockingStub> ofOne = one.getInstance(CLIENT);
    RpcClient<ProbeBlockingStub> ofOther = other.getInstance(CLIENT);

    assertNotSame(ofOne.view(), ofOther.view());
    assertEquals(List.of(ofOne.view()), one.getInstance(Clients.class).all());
    assertEquals(List.of(ofOther.view()), other.getInstance(Clients.class).all());
  }

  @Test
  void closingOneInjectorsClientsKeepsTheOthers() {
    Injector one = injector(this::bindBlocking);
    Injector other = injector(this::bindBlocking);
    one.getInstance(ProbeBlockingStub.class).ask(ASK);
    ProbeBlockingStub kept = other.getInstance(ProbeBlockingStub.class);

    one.getInstance(RpcClients.class).close();

    assertEquals("", kept.ask(ASK).getId());
  }

  @Test
  void clientsAreTheInjectorsRpcClients() {
    Injector injector = injector(this::bindBlocking);

    assertSame(injector.getInstance(RpcClients.class), injector.getInstance(Clients.class));
  }

  @Test
  void closingTheClientsRefusesCallsOfEachNamingItsTarget() {
    Injector injector = injector(this::bindBlocking);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);
    stub.ask(ASK);

    injector.getInstance(RpcClients.class).close();

    Expect.unavailable("probe.test:grpc: the client is closed", failure(() -> stub.ask(ASK)));
    assertEquals(List.of(), injector.getInstance(Clients.class).all());
    Await.until(
        "no connection", () -> fleet.servers().stream().allMatch(s -> s.connections() == 0));
  }

  @Test
  void closingTheClientsCutsCallsAfterTheLongestGrace() {
    Injector injector =
        injector(
            binder ->
                rpcBinder(binder)
                    .bindClient(ProbeFutureStub.class, ProbeGrpc::newFutureStub)
                    .to(Fleet.TARGET)
                    .plaintext()
                    .gracePeriod(Duration.ofMillis(50)));
    ListenableFuture<AskResponse> call = injector.getInstance(ProbeFutureStub.class).ask(HANG);
    fleet.awaitHanging(1);

    injector.getInstance(RpcClients.class).close();

    assertEquals(Status.Code.UNAVAILABLE, outcome(call).getCode());
  }

  @Test
  void closedClientsOpenNoMore() {
    Injector injector = injector(this::bindBlocking);

    injector.getInstance(RpcClients.class).close();

    ProvisionException failure =
        assertThrows(ProvisionException.class, () -> injector.getInstance(CLIENT));
    Expect.contains("probe.test:grpc: its RpcClients are closed", failure.getMessage());
  }

  @Test
  void closingTheClientsLeavesNoThreadThatKeepsTheJvmAlive() {
    Set<Thread> before = nonDaemonThreads();
    Injector injector = injector(this::bindBlocking, this::bindFuture);
    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(FUTURE_CLIENT).stub(Pick.shard("a key")).ask(ASK));

    injector.getInstance(RpcClients.class).close();

    Set<Thread> left = nonDaemonThreads();
    left.removeAll(before);
    assertEquals(Set.of(), left);
  }

  private static Set<Thread> nonDaemonThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(Thread::isDaemon);
    return threads;
  }

  @Test
  void transportCanBeReplaced() {
    try (ProbeService service = new ProbeService("in-process");
        RpcTestServer server = RpcTestServer.inProcess(service)) {
      fleet.discovery().list(server.endpoint());
      Injector injector =
          injector(
              this::bindBlocking,
              binder ->
                  OptionalBinder.newOptionalBinder(binder, ChannelFactory.class)
                      .setBinding()
                      .toInstance(new InProcessChannelFactory()));

      assertEquals(
          "in-process", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
      injector.getInstance(RpcClients.class).close();
    }
  }

  @Test
  void moduleMayBeInstalledTwice() {
    Injector injector = injector(new RpcModule(), new RpcModule(), this::bindBlocking);

    assertEquals("", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getId());
  }

  // What the modules are made of

  private void bindBlocking(Binder binder) {
    bindBlocking(binder, Fleet.TARGET);
  }

  private static void bindBlocking(Binder binder, String target) {
    rpcBinder(binder)
        .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
        .to(target)
        .plaintext();
  }

  private void bindFuture(Binder binder) {
    rpcBinder(binder)
        .bindClient(ProbeFutureStub.class, ProbeGrpc::newFutureStub)
        .to(Fleet.TARGET)
        .plaintext();
  }

  /** An injector with the fleet's discovery, whose clients are closed with the fleet. */
  private Injector injector(Module... modules) {
    List<Module> all = new ArrayList<>(List.of(modules));
    all.add(listDiscovery());
    return closed(Guice.createInjector(all));
  }

  private Injector closed(Injector injector) {
    fleet.closing(injector.getInstance(RpcClients.class));
    return injector;
  }

  private Module listDiscovery() {
    return installing(new InstalledDiscovery(fleet.discovery(), false));
  }

  private static Module installing(InstalledDiscovery discovery) {
    return binder ->
        Multibinder.newSetBinder(binder, InstalledDiscovery.class)
            .addBinding()
            .toInstance(discovery);
  }

  private static Module feature(ClientFeature feature) {
    return binder ->
        Multibinder.newSetBinder(binder, ClientFeature.class).addBinding().toInstance(feature);
  }

  private static ClientFeature intercepting(String name, Queue<String> log) {
    return new ClientFeature() {
      @Override
      public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
        return List.of(logging(name, log));
      }
    };
  }

  private static ClientInterceptor logging(String name, Queue<String> log) {
    return new ClientInterceptor() {
      @Override
      public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
          MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
        log.add(name);
        return next.newCall(method, options);
      }
    };
  }
}
