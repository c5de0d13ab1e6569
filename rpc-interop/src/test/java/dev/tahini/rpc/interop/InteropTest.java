package dev.tahini.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceGrpc.TestServiceBlockingStub;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/**
 * gRPC's suite, and those of its interop cases that are not in it. Public, because JUnit 4 runs no
 * other; skips what needs census metrics.
 */
@RunWith(Parameterized.class)
public class InteropTest extends AbstractInteropTest {
  private final Pick pick;
  private final boolean hasRetries;
  private final SeveralPorts servers = new SeveralPorts();

  /** Once for each kind of client. */
  public InteropTest(Pick pick, boolean hasRetries) {
    this.pick = pick;
    this.hasRetries = hasRetries;
  }

  /** One whose calls go anywhere, one whose first call waits for a table, one that retries. */
  @Parameters(name = "{0}, retries {1}")
  public static List<Object[]> clients() {
    return List.of(
        new Object[] {Pick.leastLoaded(), false},
        new Object[] {Pick.shard("one key"), false},
        new Object[] {Pick.leastLoaded(), true});
  }

  @Override
  protected ServerBuilder<?> getServerBuilder() {
    return servers;
  }

  @Override
  protected ManagedChannelBuilder<?> createChannelBuilder() {
    return new ClientChannelBuilder(this::createChannel);
  }

  @Override
  protected ManagedChannel createChannel() {
    return new ClientAsManagedChannel(newClient(), pick);
  }

  private RpcClient<TestServiceBlockingStub> newClient() {
    RpcClient.Builder<TestServiceBlockingStub> options =
        RpcClient.builder(servers.target(), TestServiceGrpc::newBlockingStub);
    if (hasRetries) {
      options.feature(
          new RetryFeature(
              RetryRules.all(RetryOptions.defaults()), new RetryBudgets(TimeSource.system())));
    }
    return options
        .plaintext()
        .channel(builder -> builder.maxInboundMessageSize(MAX_MESSAGE_SIZE))
        .channel(
            builder -> ((NettyChannelBuilder) builder).flowControlWindow(TEST_FLOW_CONTROL_WINDOW))
        .build();
  }

  @Override
  protected boolean metricsExpected() {
    return false;
  }

  @Override
  public void tearDown() {
    super.tearDown();
    assertTrue("the channel has not terminated", channel.isTerminated());
  }

  /** Without the probe of gRPC's case: gRPC's Java server does not look for compression. */
  @Test
  public void clientCompressedUnary() throws Exception {
    clientCompressedUnary(false);

    assertTrue(servers.encodings().toString(), servers.encodings().contains("gzip"));
  }

  /** Without the probe, too. */
  @Test
  public void clientCompressedStreaming() throws Exception {
    clientCompressedStreaming(false);

    assertTrue(servers.encodings().toString(), servers.encodings().contains("gzip"));
  }

  /** rpc_soak: many calls at once on one client, which counts each where it went. */
  @Test
  public void rpcSoak() throws Exception {
    Soak soak = new Soak(8, 25);
    try (RpcClient<TestServiceBlockingStub> client = newClient()) {
      soak.run(request -> client.stub(pick).withDeadlineAfter(30, SECONDS).unaryCall(request));

      List<BackendSnapshot> backends = client.view().snapshot().backends();
      assertEquals(SeveralPorts.PORTS, backends.size());
      assertEquals(soak.calls(), backends.stream().mapToLong(BackendSnapshot::succeeded).sum());
      assertEquals(0, backends.stream().mapToInt(BackendSnapshot::inFlight).sum());
    }
  }

  /** channel_soak: a client for each call. */
  @Test
  public void channelSoak() throws Exception {
    new Soak(4, 5)
        .run(
            request -> {
              try (RpcClient<TestServiceBlockingStub> client = newClient()) {
                return client.stub(pick).withDeadlineAfter(30, SECONDS).unaryCall(request);
              }
            });
  }
}
