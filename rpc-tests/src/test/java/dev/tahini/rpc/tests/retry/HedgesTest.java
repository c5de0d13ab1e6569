package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.Hedging;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Hedged calls over real sockets. */
final class HedgesTest {
  private static final int SERVERS = 3;
  private static final MethodDescriptor<AskRequest, AskResponse> IDEMPOTENT =
      ProbeGrpc.getAskMethod().toBuilder().setIdempotent(true).build();

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);

  private RpcClient<Channel> client(RetryOptions options) {
    RpcClient<Channel> client =
        cluster
            .<Channel>clientBuilder(channel -> channel)
            .feature(Retries.feature(options))
            .build();
    cluster.awaitReady(client);
    return client;
  }

  /** All but one server hang: hedges find the one that does not. */
  @Test
  void hedgeFindsTheServerThatAnswers() {
    Hedging soon = Hedging.after(Duration.ofMillis(1), SERVERS);
    try (RpcClient<Channel> client = client(RetryOptions.defaults().withHedging(soon))) {
      cluster.backends().subList(1, SERVERS).forEach(TestBackend::hang);
      for (int i = 0; i < 20; i++) {
        assertEquals("s0", hedged(client).getServer());
      }

      cluster.release();
      cluster.awaitIdle(); // what was given up has ended
    }
  }

  @Test
  void callsThatAreHedgedAtOnceHaveOneAnswerEach() {
    Hedging atOnce = Hedging.after(Duration.ZERO, SERVERS);
    try (RpcClient<Channel> client = client(RetryOptions.defaults().withHedging(atOnce))) {
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add(hedged(client).getServer());
      }

      assertEquals(500, answers.size());
      cluster.awaitIdle();
    }
  }

  private static AskResponse hedged(RpcClient<Channel> client) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(client.channel(), IDEMPOTENT, options, ASK);
  }
}
