package dev.tahini.rpc.benchmarks.calls;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Who calls. The {@code _DIRECT} ones run callbacks on the event loop; so do the {@code
 * _ON_EVENT_LOOP} ones, by the client's own option and with its guard.
 */
public enum CallContender {
  TAHINI(addresses -> tahini(addresses, options -> {})),
  /** Without gRPC's retries: what no server has seen is made again by the client itself. */
  TAHINI_LEAN(
      addresses ->
          tahini(addresses, options -> options.feature(Retrying.feature(RetryOptions.none())))),
  PICK_FIRST(addresses -> grpc(Policy.PICK_FIRST, addresses, builder -> {})),
  ROUND_ROBIN(addresses -> grpc(Policy.ROUND_ROBIN, addresses, builder -> {})),
  LEAST_REQUEST(addresses -> grpc(Policy.LEAST_REQUEST, addresses, builder -> {})),
  RING_HASH(addresses -> grpc(Policy.RING_HASH, addresses, builder -> {})),
  TAHINI_ON_EVENT_LOOP(
      addresses ->
          tahini(addresses, options -> options.callbacksOnEventLoop(Duration.ofSeconds(1)))),
  TAHINI_LEAN_ON_EVENT_LOOP(
      addresses ->
          tahini(
              addresses,
              options ->
                  options
                      .feature(Retrying.feature(RetryOptions.none()))
                      .callbacksOnEventLoop(Duration.ofSeconds(1)))),
  ROUND_ROBIN_DIRECT(
      addresses -> grpc(Policy.ROUND_ROBIN, addresses, ManagedChannelBuilder::directExecutor)),
  ARMERIA(CallContender::armeria),
  /** Without gRPC's retries, the transparent ones among them. */
  ROUND_ROBIN_NO_RETRY(
      addresses -> grpc(Policy.ROUND_ROBIN, addresses, ManagedChannelBuilder::disableRetry)),
  /** Callbacks in a work-stealing pool, as large as the machine. */
  TAHINI_FORK_JOIN(addresses -> inPool(addresses, Executors.newWorkStealingPool())),
  /** Callbacks in a pool with one queue, as large as the machine. */
  TAHINI_FIXED_POOL(addresses -> inPool(addresses, fixedPool())),
  /** With the retry module's defaults, which have nothing to retry here. */
  TAHINI_RETRY(
      addresses ->
          tahini(addresses, options -> options.feature(Retrying.feature(RetryOptions.defaults())))),
  /** With a retry policy of gRPC's own. */
  TAHINI_GRPC_RETRY(
      addresses -> tahini(addresses, options -> options.channel(Retrying::byServiceConfig))),
  /** The callbacks of a unary call in one task, in a pool like gRPC's own. */
  TAHINI_ONE_HOP(addresses -> oneHop(addresses, Executors.newCachedThreadPool()));

  @SuppressWarnings("ImmutableEnumChecker") // stateless
  private final Opener opener;

  CallContender(Opener opener) {
    this.opener = opener;
  }

  private interface Opener {
    EchoStubs open(List<String> addresses);
  }

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A client of the servers. */
  EchoStubs open(List<String> addresses) {
    return opener.open(addresses);
  }

  /** All but those that were made to find out what something would be worth. */
  public static Set<CallContender> usual() {
    return EnumSet.range(TAHINI, ARMERIA);
  }

  private static EchoStubs tahini(
      List<String> addresses, Consumer<RpcClient.Builder<Channel>> options) {
    RpcClient.Builder<Channel> builder =
        RpcClient.<Channel>builder("static:///" + String.join(",", addresses), channel -> channel)
            .plaintext();
    options.accept(builder);
    RpcClient<Channel> client = builder.build();
    return EchoStubs.of(client.stub(), client::close);
  }

  private static EchoStubs grpc(
      Policy policy, List<String> addresses, Consumer<ManagedChannelBuilder<?>> customizer) {
    ManagedChannel channel = FixedAddresses.channel(policy, addresses, customizer);
    return EchoStubs.of(
        policy == Policy.RING_HASH ? KeyHeaders.on(channel) : channel, channel::shutdownNow);
  }

  private static EchoStubs inPool(List<String> addresses, ExecutorService pool) {
    EchoStubs stubs =
        tahini(addresses, options -> options.channel(channel -> channel.executor(pool)));
    return stubs.thenEnding(pool::shutdown);
  }

  private static EchoStubs oneHop(List<String> addresses, ExecutorService pool) {
    EchoStubs stubs =
        tahini(
            addresses,
            options ->
                options.channel(ManagedChannelBuilder::directExecutor).intercept(new OneHop(pool)));
    return stubs.thenEnding(pool::shutdown);
  }

  private static ExecutorService fixedPool() {
    return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  }

  private static EchoStubs armeria(List<String> addresses) {
    EndpointGroup group = EndpointGroup.of(addresses.stream().map(Endpoint::parse).toList());
    return new EchoStubs(
        GrpcClients.builder("gproto+h2c", group).build(EchoGrpc.EchoBlockingStub.class),
        GrpcClients.builder("gproto+h2c", group).build(EchoGrpc.EchoFutureStub.class),
        GrpcClients.builder("gproto+h2c", group).build(EchoGrpc.EchoStub.class),
        group::close);
  }
}
