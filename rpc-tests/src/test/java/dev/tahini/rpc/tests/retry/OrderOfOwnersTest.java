package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Where retried calls with a key go: to its owners, in its own order. */
final class OrderOfOwnersTest {
  private static final int SERVERS = 5;
  private static final List<String> KEYS =
      IntStream.range(0, 100).mapToObj(i -> "key-" + i).toList();

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);

  @AutoClose
  private final RpcClient<ProbeFutureStub> client =
      cluster
          .clientBuilder(ProbeGrpc::newFutureStub)
          .feature(Retries.feature(RetryOptions.defaults()))
          .build();

  private Map<String, List<String>> ownersByKey() {
    Map<String, String> names = new HashMap<>();
    cluster.backends().forEach(backend -> names.put(backend.address(), backend.name()));
    Map<String, List<String>> owners = new HashMap<>();
    for (String key : KEYS) {
      owners.put(
          key,
          client.view().owners(key).stream()
              .map(BackendSnapshot::address)
              .map(names::get)
              .toList());
    }
    return owners;
  }

  @Test
  void callsInFlightOnKilledOwnersGoAlongTheirKeysOrder() {
    cluster.awaitReady(client);
    Map<String, List<String>> owners = ownersByKey();
    cluster.hang();
    List<ListenableFuture<AskResponse>> calls = new ArrayList<>();
    KEYS.forEach(key -> calls.add(client.stub(Pick.shard(key)).ask(ASK)));
    cluster.awaitHanging(KEYS.size());

    killAfterItsRetriesHang("s0");
    killAfterItsRetriesHang("s1");
    cluster.release();
    calls.forEach(call -> assertEquals("", answer(call).getId()));

    boolean hasPassedTwo = false;
    for (var call : cluster.calls().calls()) {
      List<String> order = new ArrayList<>(owners.get(call.first().key()));
      order.subList(1, order.size()).remove("s0"); // dead before any call can be tried again there
      List<String> tried = call.backends();
      assertEquals(order.subList(0, tried.size()), tried, call::toString);
      assertFalse(List.of("s0", "s1").contains(call.last().backend()), call::toString);
      hasPassedTwo |= tried.size() > 2;
    }
    assertTrue(hasPassedTwo, "no call was on s0 and then on s1");
  }

  /** What was in flight on it hangs on the next owners: none of its calls is lost on the way. */
  private void killAfterItsRetriesHang(String name) {
    TestBackend killed = cluster.backend(name);
    killed.kill();
    Await.until("all calls to hang on living backends", () -> hangingOnLiving() == KEYS.size());
  }

  private int hangingOnLiving() {
    return cluster.backends().stream()
        .filter(TestBackend::isUp)
        .mapToInt(TestBackend::hanging)
        .sum();
  }
}
