package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends that die under clients that retry: nobody who calls hears of it. */
final class RetriedLoadTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 100;
  private static final int CALLS = 10_000;

  @ParameterizedTest
  @EnumSource
  void killedBackendFailsNoCall(LoadPicks picks) {
    killUnderLoad(picks, CALLS);
  }

  @Tag("full")
  @ParameterizedTest
  @EnumSource
  void killedBackendFailsNoCallOutOfAHundredThousand(LoadPicks picks) {
    killUnderLoad(picks, 10 * CALLS);
  }

  private static void killUnderLoad(LoadPicks picks, int calls) {
    TriedTwice tried = new TriedTwice();
    try (RpcTestCluster cluster = Fleet.of(SERVERS);
        RpcClient<Channel> client =
            cluster
                .<Channel>clientBuilder(channel -> channel)
                .feature(Retries.feature(RetryOptions.defaults()))
                .feature(tried)
                .build();
        ClosedLoop loop = loopOnceReady(cluster, client, picks)) {
      for (int i = 0; i < 4; i++) {
        TestBackend dying = cluster.backends().get(i);
        dying.kill();
        loop.awaitMore(calls / 8);
        dying.restart();
        cluster.awaitReady(client);
        loop.awaitMore(calls / 8);
      }

      loop.stopWithoutFailure();
    }
    assertEquals(List.of(), List.copyOf(tried.calls));
    assertTrue(tried.retries() > 0, "no call was in flight on a backend that was killed");
  }

  private static ClosedLoop loopOnceReady(
      RpcTestCluster cluster, RpcClient<Channel> client, LoadPicks picks) {
    cluster.awaitReady(client);
    return ClosedLoop.start(client.channel(), IN_FLIGHT, picks);
  }

  /** Inside of the retries: calls whose attempts went to one backend twice. */
  private static final class TriedTwice implements ClientFeature, ClientInterceptor {
    final Queue<List<String>> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> retried = new ConcurrentLinkedQueue<>();

    int retries() {
      return retried.size();
    }

    @Override
    public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
      return List.of(this);
    }

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      List<Backend> before = options.getOption(Attempts.OPTION).backends();
      if (!before.isEmpty()) {
        retried.add(before.size());
      }
      if (before.stream().distinct().count() < before.size()) {
        calls.add(before.stream().map(Backend::address).toList());
      }
      return next.newCall(method, options);
    }
  }
}
