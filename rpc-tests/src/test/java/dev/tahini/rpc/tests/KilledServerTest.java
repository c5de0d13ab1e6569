package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.backend;
import static dev.tahini.rpc.tests.Probes.hang;
import static dev.tahini.rpc.tests.Probes.outcome;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that die with calls in flight. */
final class KilledServerTest {
  private static final int SERVERS = 5;
  private static final int IN_FLIGHT = 200;

  @AutoClose private final Fleet fleet = Fleet.killable(SERVERS);

  @Test
  void killedServersCallsInFlightFailAsUnavailableAndNoOthers() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);
    Map<String, ListenableFuture<AskResponse>> calls = new HashMap<>();
    for (int i = 0; i < IN_FLIGHT; i++) {
      calls.put("call-" + i, client.stub().ask(hang("call-" + i)));
    }
    fleet.awaitHanging(IN_FLIGHT);
    ProbeServer killed = fleet.server(2);
    Set<String> startedOnKilled = killed.service().started();

    killed.kill();
    fleet.servers().stream().filter(s -> s != killed).forEach(s -> s.service().release());

    assertFalse(startedOnKilled.isEmpty());
    Map<String, Status.Code> expected =
        calls.keySet().stream()
            .collect(
                toMap(
                    id -> id,
                    id -> startedOnKilled.contains(id) ? Status.Code.UNAVAILABLE : Status.Code.OK));
    Map<String, Status.Code> outcomes = new HashMap<>();
    calls.forEach((id, call) -> outcomes.put(id, outcome(call).getCode()));
    assertEquals(expected, outcomes);
  }

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void killUnderLoadFailsNothingButAttemptsOnTheKilledServer(LoadPicks picks) {
    RpcClient<Channel> client = fleet.client(channel -> channel);
    Fleet.awaitReady(client, SERVERS);
    ClosedLoop loop = fleet.load(client, IN_FLIGHT, picks);
    ProbeServer killed = fleet.server(1);

    killed.kill();
    loop.awaitMore(5 * IN_FLIGHT);
    killed.restart();
    Fleet.awaitReady(client, SERVERS);
    loop.awaitMore(IN_FLIGHT);

    List<ClosedLoop.Failure> failures = loop.stop();
    assertFalse(failures.isEmpty());
    failures.forEach(f -> assertEquals(Status.Code.UNAVAILABLE, f.status().getCode(), f::toString));
    for (BackendSnapshot other : client.view().snapshot().backends()) {
      if (!other.address().equals(killed.address())) {
        assertEquals(Map.of(), other.failed(), other::toString);
      }
    }
    long failedAttempts =
        backend(client.view().snapshot(), killed.address())
            .failed()
            .getOrDefault(Status.Code.UNAVAILABLE, 0L);
    assertTrue(failures.size() <= failedAttempts, () -> failures.size() + " > " + failedAttempts);
    assertTrue(failures.size() <= IN_FLIGHT, () -> failures.size() + " failed");
  }
}
