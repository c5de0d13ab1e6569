package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickExplanation;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.shard.ShardMaps;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that are too hot for one backend, over real connections. */
final class HotKeysTest {
  private static final String KEY = "hot";

  @AutoClose private final RpcTestCluster cluster = Fleet.of(4);

  private final RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);

  /** The addresses of the key's backends in its order. */
  private List<String> order() {
    return client.view().owners(KEY).stream().map(BackendSnapshot::address).toList();
  }

  /** Begins a call that does not end, and waits until it is in flight. */
  private void occupy(String address) {
    ListenableFuture<AskResponse> unused = client.stub(Pick.address(address)).ask(HANG);
    Await.until(
        () -> "a call in flight on " + address + ": " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                .anyMatch(b -> b.address().equals(address) && b.inFlight() > 0));
  }

  private String askedOf(Pick pick) {
    String server = Probes.answer(client.stub(pick).ask(ASK)).getServer();
    return cluster.backend(server).address();
  }

  @Test
  void replicasShareAHotKey() {
    cluster.awaitReady(client);
    List<String> order = order();
    Pick pick = Pick.shard(KEY).replicas(2);

    assertEquals(order.get(0), askedOf(pick));
    occupy(order.get(0));
    assertEquals(order.get(1), askedOf(pick));
    assertEquals(order.get(0), askedOf(Pick.shard(KEY)));
  }

  @Test
  void whatIsAboveTheBoundGoesToTheNextOwnerAlways() {
    cluster.awaitReady(client);
    List<String> order = order();
    Pick pick = Pick.shard(KEY).bounded(1.25);

    assertEquals(order.get(0), askedOf(pick));
    occupy(order.get(0));
    for (int i = 0; i < 10; i++) {
      assertEquals(order.get(1), askedOf(pick));
    }
    occupy(order.get(1));
    assertEquals(order.get(2), askedOf(pick));
  }

  @Test
  void pickIsExplainedInTheKeysOrder() {
    cluster.awaitReady(client);
    List<String> order = order();
    occupy(order.get(0));

    PickExplanation explanation = client.view().explain(Pick.shard(KEY).bounded(1.25));

    assertEquals(order.get(1), explanation.backend());
    assertEquals(
        List.of(
            order.get(0) + " owner 1, ready, 1 in flight",
            order.get(1) + " owner 2, chosen, ready, 0 in flight",
            order.get(2) + " owner 3, ready, 0 in flight",
            order.get(3) + " owner 4, ready, 0 in flight"),
        explanation.candidates().stream()
            .map(candidate -> candidate.backend().address() + " " + candidate.verdict())
            .toList());
  }

  @Test
  void ownersAndSharesAreToldWithTheirBackends() {
    cluster.awaitReady(client);

    Map<String, Double> shares = client.view().shares();

    assertEquals(new TreeSet<>(order()), new TreeSet<>(shares.keySet()));
    assertEquals(1, shares.values().stream().mapToDouble(share -> share).sum(), 1e-9);
    shares.values().forEach(share -> assertEquals(0.25, share, 0.02));
  }

  static Stream<ShardMap> maps() {
    return Stream.of(
        ShardMaps.standard(),
        ShardMaps.byName(ShardMaps.standard()),
        ShardMaps.ringHash(),
        ShardMaps.maglev(),
        ShardMaps.goma());
  }

  @ParameterizedTest
  @MethodSource("maps")
  void callsFollowTheOrderThatTheViewTells(ShardMap map) {
    RpcClient<ProbeFutureStub> other =
        cluster.client(ProbeGrpc::newFutureStub, options -> options.shardMap(map));
    cluster.awaitReady(other);

    for (int i = 0; i < 50; i++) {
      String key = "key-" + i;
      String server = Probes.answer(other.stub(Pick.shard(key)).ask(ASK)).getServer();
      assertEquals(Fleet.ownerOf(other, key), cluster.backend(server).address());
    }
  }
}
