package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Fleet.load;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.LoadPicks;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A discovery that says something new a thousand times a second. */
final class FloodedDiscoveryTest {
  private static final int SERVERS = 4;
  private static final int IN_FLIGHT = 50;
  private static final int LISTS = 3_000;
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos() / 1_000;

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);
  private final RpcClient<Channel> client = cluster.client(channel -> channel);

  private void flood(IntFunction<List<Endpoint>> lists) {
    long start = System.nanoTime();
    for (int i = 0; i < LISTS; i++) {
      long due = start + i * PAUSE_NANOS;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      cluster.discovery().set(lists.apply(i));
    }
  }

  private List<Endpoint> weighted(int weight) {
    return cluster.backends().stream().map(b -> b.endpoint().withWeight(weight)).toList();
  }

  /** Two that are always listed, and one of the others. */
  private List<Endpoint> oneOfTwo(int number) {
    List<TestBackend> backends = cluster.backends();
    List<Endpoint> listed = new ArrayList<>();
    listed.add(backends.get(0).endpoint());
    listed.add(backends.get(1).endpoint());
    listed.add(backends.get(2 + number % 2).endpoint());
    return listed;
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full") // 3 s each
  void noCallFailsAndTheLastListCountsWhileWeightsChangeAThousandTimesASecond(LoadPicks picks) {
    cluster.awaitReady(client);
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, picks)) {
      flood(number -> weighted(1 + number));

      assertServedAsLastListed(loop, weighted(LISTS));
      assertEquals(
          List.of(1, 1, 1, 1),
          cluster.backends().stream().map(TestBackend::connectionsEver).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full") // 3 s each
  void noCallFailsAndTheLastListCountsWhileBackendsComeAndGoAThousandTimesASecond(LoadPicks picks) {
    cluster.awaitReady(client);
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, picks)) {
      flood(this::oneOfTwo);

      assertServedAsLastListed(loop, oneOfTwo(LISTS - 1));
    }
    client.close();
    cluster.backends().forEach(backend -> backend.awaitConnections(0));
  }

  private void assertServedAsLastListed(ClosedLoop loop, List<Endpoint> last) {
    Await.until(
        () -> "the last list: " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                .map(BackendSnapshot::endpoint)
                .toList()
                .equals(last));
    cluster.awaitApplied();
    loop.awaitMore(4 * IN_FLIGHT);
    loop.stopWithoutFailure();
  }
}
