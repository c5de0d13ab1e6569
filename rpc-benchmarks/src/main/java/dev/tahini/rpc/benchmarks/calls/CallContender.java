package dev.tahini.rpc.benchmarks.calls;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Who calls. The {@code _DIRECT} ones run callbacks on the event loop. */
public enum CallContender {
  TAHINI(addresses -> tahini(addresses, builder -> {})),
  PICK_FIRST(addresses -> grpc(Policy.PICK_FIRST, addresses, builder -> {})),
  ROUND_ROBIN(addresses -> grpc(Policy.ROUND_ROBIN, addresses, builder -> {})),
  LEAST_REQUEST(addresses -> grpc(Policy.LEAST_REQUEST, addresses, builder -> {})),
  RING_HASH(addresses -> grpc(Policy.RING_HASH, addresses, builder -> {})),
  TAHINI_DIRECT(addresses -> tahini(addresses, ManagedChannelBuilder::directExecutor)),
  ROUND_ROBIN_DIRECT(
      addresses -> grpc(Policy.ROUND_ROBIN, addresses, ManagedChannelBuilder::directExecutor)),
  ARMERIA(CallContender::armeria);

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

  private static EchoStubs tahini(
      List<String> addresses, Consumer<ManagedChannelBuilder<?>> customizer) {
    RpcClient<Channel> client =
        RpcClient.<Channel>builder("static:///" + String.join(",", addresses), channel -> channel)
            .plaintext()
            .channel(customizer)
            .build();
    return EchoStubs.of(client.stub(), client::close);
  }

  private static EchoStubs grpc(
      Policy policy, List<String> addresses, Consumer<ManagedChannelBuilder<?>> customizer) {
    ManagedChannel channel = FixedAddresses.channel(policy, addresses, customizer);
    return EchoStubs.of(
        policy == Policy.RING_HASH ? KeyHeaders.on(channel) : channel, channel::shutdownNow);
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
