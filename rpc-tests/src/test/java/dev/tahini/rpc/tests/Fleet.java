package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Servers, the discovery that lists them, and the clients that call them: what a test opens is
 * closed with the fleet, the newest first. Driven by the test's one thread.
 */
final class Fleet implements AutoCloseable {
  static final String TARGET = "probe.test:grpc";

  private final ListDiscovery discovery = new ListDiscovery();
  private final List<ProbeServer> servers = new ArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private Fleet() {}

  /** No servers, and a discovery that has not answered yet. */
  static Fleet unlisted() {
    return new Fleet();
  }

  /** That many servers, all of them listed. */
  static Fleet of(int size) {
    return listing(size, ProbeServer::start);
  }

  /** The same, of servers that can be killed. */
  static Fleet killable(int size) {
    return listing(size, ProbeServer::startKillable);
  }

  private static Fleet listing(int size, Function<String, ProbeServer> start) {
    Fleet fleet = new Fleet();
    for (int i = 0; i < size; i++) {
      fleet.add(start.apply("s" + i));
    }
    fleet.list(fleet.servers.toArray(ProbeServer[]::new));
    return fleet;
  }

  /** Adds a server, not listed yet. */
  ProbeServer add(ProbeServer server) {
    servers.add(server);
    return closing(server);
  }

  /** Starts a server, not listed yet. */
  ProbeServer start(String name) {
    return add(ProbeServer.start(name));
  }

  ProbeServer server(int index) {
    return servers.get(index);
  }

  /** The server of a name, as an answer tells it. */
  ProbeServer server(String name) {
    return servers.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  List<ProbeServer> servers() {
    return List.copyOf(servers);
  }

  ListDiscovery discovery() {
    return discovery;
  }

  void list(ProbeServer... listed) {
    discovery.list(Arrays.stream(listed).map(ProbeServer::endpoint).toList());
  }

  /** Closes something with the fleet. */
  <T extends AutoCloseable> T closing(T resource) {
    open.push(resource);
    return resource;
  }

  /** A port that refuses, closed with the fleet. */
  ClosedPort closedPort() {
    return closing(new ClosedPort());
  }

  /** A port that stays silent, closed with the fleet. */
  SilentPort silentPort() {
    return closing(new SilentPort());
  }

  /** A plaintext client of the listed servers whose end cuts its calls. */
  RpcClient<ProbeBlockingStub> client() {
    return client(ProbeGrpc::newBlockingStub);
  }

  RpcClient<ProbeFutureStub> futureClient() {
    return client(ProbeGrpc::newFutureStub);
  }

  /** A client of these backends that is connected to so many of them. */
  RpcClient<ProbeBlockingStub> clientOf(int ready, Endpoint... listed) {
    discovery.list(listed);
    RpcClient<ProbeBlockingStub> client = client();
    awaitReady(client, ready);
    return client;
  }

  /** A client that has seen the first of its backends fail. */
  RpcClient<ProbeBlockingStub> clientOfFailing(ClosedPort failing, Endpoint... others) {
    List<Endpoint> listed = new ArrayList<>(List.of(others));
    listed.add(0, failing.endpoint());
    discovery.list(listed);
    RpcClient<ProbeBlockingStub> client = client();
    awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);
    return client;
  }

  <S> RpcClient<S> client(Function<? super Channel, ? extends S> stubs) {
    RpcClient.Builder<S> builder = builder(stubs);
    return closing(builder.build());
  }

  /** The builder of such a client, for other options; give what it builds to {@link #closing}. */
  RpcClient.Builder<ProbeBlockingStub> builder() {
    return builder(ProbeGrpc::newBlockingStub);
  }

  <S> RpcClient.Builder<S> builder(Function<? super Channel, ? extends S> stubs) {
    return RpcClient.<S>builder(TARGET, stubs)
        .discovery(discovery)
        .plaintext()
        .gracePeriod(Duration.ZERO);
  }

  /** Keeps calls in flight, once the first have ended; stopped with the fleet if not before. */
  ClosedLoop load(RpcClient<Channel> client, int inFlight, LoadPicks picks) {
    ClosedLoop loop = closing(ClosedLoop.start(client.channel(), inFlight, picks));
    loop.awaitMore(inFlight);
    return loop;
  }

  /** Whether a call fails. */
  static boolean fails(RpcClient<?> client, Pick pick) {
    try {
      ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(client.channel());
      stub.withOption(Pick.OPTION, pick).ask(Probes.ASK);
      return false;
    } catch (StatusRuntimeException failed) {
      return true;
    }
  }

  /** Waits until calls fail that do not wait for ready. */
  static void awaitCallsToFail(RpcClient<?> client) {
    Await.until("calls to fail", () -> fails(client, Pick.leastLoaded()));
  }

  /** Waits until so many of a client's backends are connected. */
  static void awaitReady(RpcClient<?> client, int backends) {
    Await.until(
        () -> backends + " ready backends: " + client.view().snapshot(),
        () -> client.view().snapshot().ready() == backends);
  }

  /** Waits until a client's backend is in a state. */
  static void awaitState(RpcClient<?> client, Endpoint backend, ConnectivityState state) {
    String address = backend.addressText();
    Await.until(
        () -> address + " to be " + state + ": " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                .anyMatch(b -> b.address().equals(address) && b.state() == state));
  }

  /** A key that a backend owns, of those that a client sees now. */
  static String keyOf(RpcClient<?> client, Endpoint owner) {
    return IntStream.range(0, 10_000)
        .mapToObj(i -> "key-" + i)
        .filter(key -> ownerOf(client, key).equals(owner.addressText()))
        .findFirst()
        .orElseThrow();
  }

  /** The address of a key's owner. */
  static String ownerOf(RpcClient<?> client, String key) {
    return client.view().owners(key).get(0).address();
  }

  /** Waits until so many calls hang on all servers together. */
  void awaitHanging(int calls) {
    Await.until(() -> calls + " hanging calls, not " + hanging(), () -> hanging() == calls);
  }

  private int hanging() {
    return services().mapToInt(ProbeService::hanging).sum();
  }

  /** Answers all calls that hang. */
  void release() {
    services().forEach(ProbeService::release);
  }

  private Stream<ProbeService> services() {
    return servers.stream().map(ProbeServer::service);
  }

  @Override
  public void close() {
    AssertionError failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception | AssertionError e) {
        failure = failure == null ? new AssertionError("the fleet cannot be closed", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
