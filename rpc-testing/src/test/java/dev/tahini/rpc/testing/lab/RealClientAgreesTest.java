package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.InProcessChannelFactory;
import dev.tahini.rpc.testing.Text;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call after the other, a simulated client and one over gRPC pick the same backends. */
class RealClientAgreesTest {
  private static final int BACKENDS = 6;
  private static final int CALLS = 200;
  private static final MethodDescriptor<String, String> CALL =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("lab/Call")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private final String prefix = UUID.randomUUID() + "-";
  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(Server::shutdownNow);
  }

  @Test
  void shardsHaveTheSameOwners() throws Exception {
    assertSamePicks(() -> i -> Pick.shard("key " + i));
  }

  @Test
  void seededRandomPicksAreTheSame() throws Exception {
    assertSamePicks(
        () -> {
          var random = Chance.of(9);
          return i -> Pick.random(random);
        });
  }

  @Test
  void addressesAreTheSame() throws Exception {
    assertSamePicks(() -> i -> Pick.address(prefix + i % BACKENDS));
  }

  private interface Picks {
    IntFunction<Pick> fresh();
  }

  private void assertSamePicks(Picks picks) throws Exception {
    List<String> real = real(picks.fresh());
    assertEquals(CALLS, real.size());
    assertEquals(real, simulated(picks.fresh()));
  }

  private List<String> simulated(IntFunction<Pick> picks) {
    List<String> picked = new ArrayList<>();
    int[] next = {0};
    ClusterBuilder experiment =
        SimulatedCluster.builder()
            // Far enough apart that none meets the next.
            .load(Arrivals.poisson(0.001))
            .warmUp(Duration.ofSeconds(1))
            .pick(Keys.uniform(1), unused -> picks.apply(next[0]++))
            .trace(line -> picked.add(line.split(" ", -1)[3]));
    for (int i = 0; i < BACKENDS; i++) {
      experiment.backend(ServerSpec.of(prefix + i));
    }
    experiment.runCalls(CALLS);
    return picked;
  }

  private List<String> real(IntFunction<Pick> picks) throws Exception {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      startServer(prefix + i);
      endpoints.add(Endpoint.of(new InProcessSocketAddress(prefix + i)));
    }
    List<String> picked = new ArrayList<>();
    try (RpcClient<Channel> client =
        RpcClient.<Channel>builder("real:///servers", Function.identity())
            .discovery(new Listed(endpoints))
            .channelFactory(new InProcessChannelFactory())
            .executor(Runnable::run)
            .plaintext()
            .build()) {
      for (int i = 0; i < BACKENDS; i++) { // all are ready before anything is compared
        call(client, Pick.address(prefix + i));
      }
      for (int i = 0; i < CALLS; i++) {
        picked.add(call(client, picks.apply(i)));
      }
    }
    return picked;
  }

  private void startServer(String name) throws IOException {
    ServerServiceDefinition saysItsName =
        ServerServiceDefinition.builder("lab")
            .addMethod(
                ServerMethodDefinition.create(
                    CALL,
                    (call, headers) -> {
                      call.sendHeaders(new Metadata());
                      call.sendMessage(name);
                      call.close(Status.OK, new Metadata());
                      return new ServerCall.Listener<>() {};
                    }))
            .build();
    servers.add(
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(saysItsName)
            .build()
            .start());
  }

  private static String call(RpcClient<Channel> client, Pick pick) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    ClientCall<String, String> call =
        client.channel().newCall(CALL, CallOptions.DEFAULT.withOption(Pick.OPTION, pick));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String message) {
            answer.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
              answer.completeExceptionally(status.asException());
            }
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage("");
    call.halfClose();
    return answer.get(10, TimeUnit.SECONDS);
  }

  private record Listed(List<Endpoint> endpoints) implements Discovery {
    @Override
    public Set<String> schemes() {
      return Set.of("real");
    }

    @Override
    public Subscription watch(Target target, Listener listener) {
      listener.onEndpoints(endpoints);
      return new Subscription() {
        @Override
        public void close() {}

        @Override
        public Instant lastConfirmed() {
          return Instant.EPOCH;
        }
      };
    }
  }
}
