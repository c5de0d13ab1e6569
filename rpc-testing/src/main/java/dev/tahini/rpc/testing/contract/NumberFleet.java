package dev.tahini.rpc.testing.contract;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.FakeTime;
import dev.tahini.rpc.testing.InProcessChannelFactory;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestDiscovery;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Assertions;

/**
 * Numbered servers in this JVM, and a client of those that are listed, whose time passes while the
 * test waits. Calls may be made by several threads; the rest is for the test's own.
 */
final class NumberFleet implements AutoCloseable {
  static final String TARGET = "contract.test:grpc";
  private static final Duration STEP = Duration.ofMillis(100);

  private final FakeTime time = new FakeTime();
  private final TestDiscovery discovery = new TestDiscovery(time);
  private final List<NumberService> services = new ArrayList<>();
  private final List<RpcTestServer> servers = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Duration atMost;
  private final Patience patience;
  private final RpcClient<Channel> client;
  private volatile List<Endpoint> listed = List.of();

  /**
   * Starts servers and a client, for which nothing is listed yet.
   *
   * @param decorate what each server is listed as, by its number
   */
  NumberFleet(
      int size,
      BiFunction<Endpoint, Integer, Endpoint> decorate,
      List<Picker.Factory> factories,
      Duration atMost) {
    this.atMost = atMost;
    this.patience = new Patience(atMost, () -> time.advance(STEP));
    for (int number = 0; number < size; number++) {
      NumberService service = new NumberService(number);
      RpcTestServer server = RpcTestServer.inProcess(service);
      services.add(service);
      servers.add(server);
      endpoints.add(decorate.apply(server.endpoint(), number));
    }
    RpcClient.Builder<Channel> builder =
        RpcClient.<Channel>builder(TARGET, channel -> channel)
            .discovery(discovery)
            .feature(discovery)
            .feature(new Wakes())
            .channelFactory(InProcessChannelFactory.in(time))
            .time(time)
            .gracePeriod(Duration.ZERO)
            .plaintext();
    factories.forEach(builder::picker);
    this.client = builder.build();
  }

  /** Wakes whoever waits for a backend's state. */
  private final class Wakes implements ClientFeature, CallEvents {
    @Override
    public Optional<CallEvents> events(ClientView client) {
      return Optional.of(this);
    }

    @Override
    public void onBackendState(BackendStateChanged event) {
      patience.signal();
    }
  }

  Patience patience() {
    return patience;
  }

  ClientView view() {
    return client.view();
  }

  NumberService service(int number) {
    return services.get(number);
  }

  Endpoint endpoint(int number) {
    return endpoints.get(number);
  }

  List<Endpoint> listed() {
    return listed;
  }

  /** Lists the servers of these numbers, and waits until the client picks from them. */
  void list(int... numbers) {
    tell(numbers);
    discovery.awaitApplied();
  }

  /** Lists the servers of these numbers. */
  void tell(int... numbers) {
    List<Endpoint> next = new ArrayList<>();
    for (int number : numbers) {
      next.add(endpoints.get(number));
    }
    listed = List.copyOf(next);
    discovery.set(next);
  }

  /** The same, and waits until all are connected. */
  void listReady(int... numbers) {
    list(numbers);
    for (int number : numbers) {
      awaitState(number, ConnectivityState.READY);
    }
  }

  /** Stops a server for good. */
  void kill(int number) {
    servers.get(number).close();
  }

  void awaitState(int number, ConnectivityState state) {
    String address = endpoints.get(number).addressText();
    patience.await(
        () -> "server " + number + " to be " + state + " in " + view().snapshot(),
        () ->
            view().snapshot().backends().stream()
                .anyMatch(b -> b.address().equals(address) && b.state() == state));
  }

  /** Attempts that were ever sent. */
  long started() {
    return view().snapshot().backends().stream().mapToLong(BackendSnapshot::started).sum();
  }

  /** Makes a call and waits for its end, while time passes. */
  Answer call(Pick pick) {
    return call(pick, Attempts.NONE);
  }

  Answer call(Pick pick, Attempts attempt) {
    CompletableFuture<Answer> call = start(pick, attempt);
    await(pick, call);
    return call.join();
  }

  void await(Pick pick, CompletableFuture<Answer> call) {
    patience.await(() -> hangs(pick), call::isDone);
  }

  /** The same on any thread, while time stands unless the test's thread waits. */
  Answer callBesides(Pick pick) {
    try {
      return start(pick, Attempts.NONE).get(atMost.toNanos(), NANOSECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return Assertions.fail("waited in vain: " + hangs(pick), e);
    }
  }

  private String hangs(Pick pick) {
    return "the end of a call with "
        + pick
        + "; it hangs, and explain says "
        + view().explain(pick);
  }

  CompletableFuture<Answer> start(Pick pick, Attempts attempt) {
    CallOptions options =
        CallOptions.DEFAULT.withOption(Pick.OPTION, pick).withOption(Attempts.OPTION, attempt);
    return Answer.start(client.channel(), options, patience::signal);
  }

  @Override
  public void close() {
    client.close();
    servers.forEach(RpcTestServer::close);
  }
}
