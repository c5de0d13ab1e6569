package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.load;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.outcome;
import static dev.tahini.rpc.tests.Probes.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RecordedAttempt;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.BackendNamed;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that die with calls in flight. */
final class KilledServerTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 200;

  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(SERVERS));

  @Test
  void killedServersCallsInFlightFailAsUnavailableAndNoOthers(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client) {
    cluster.awaitReady(client);
    cluster.backends().forEach(TestBackend::hang);
    Map<Long, ListenableFuture<AskResponse>> calls = new HashMap<>();
    for (long call = 1; call <= IN_FLIGHT; call++) {
      calls.put(call, client.stub().ask(ASK));
    }
    cluster.awaitHanging(IN_FLIGHT);
    TestBackend killed = cluster.backend("s2");
    Set<Long> onKilled =
        killed.attempts().stream().map(RecordedAttempt::call).collect(Collectors.toSet());

    killed.kill();
    cluster.backends().forEach(TestBackend::release);

    assertFalse(onKilled.isEmpty());
    calls.forEach(
        (call, result) ->
            assertEquals(
                onKilled.contains(call) ? Status.Code.UNAVAILABLE : Status.Code.OK,
                outcome(result).getCode(),
                () -> "call " + call));
  }

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void killUnderLoadFailsNothingButAttemptsOnTheKilledServer(
      LoadPicks picks,
      RpcTestCluster cluster,
      RpcClient<Channel> client,
      @BackendNamed("s1") TestBackend killed) {
    cluster.awaitReady(client);
    List<ClosedLoop.Failure> failures;
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, picks)) {
      killed.kill();
      loop.awaitMore(5 * IN_FLIGHT);
      killed.restart();
      cluster.awaitReady(client);
      loop.awaitMore(IN_FLIGHT);
      failures = loop.stop();
    }

    assertFalse(failures.isEmpty());
    failures.forEach(f -> assertEquals(Status.Code.UNAVAILABLE, f.status().getCode(), f::toString));
    for (BackendSnapshot other : client.view().snapshot().backends()) {
      if (!other.address().equals(killed.address())) {
        assertEquals(Map.of(), other.failed(), other::toString);
      }
    }
    long failedAttempts =
        snapshot(client, killed).failed().getOrDefault(Status.Code.UNAVAILABLE, 0L);
    assertTrue(failures.size() <= failedAttempts, () -> failures.size() + " > " + failedAttempts);
    assertTrue(failures.size() <= IN_FLIGHT, () -> failures.size() + " failed");
  }
}
