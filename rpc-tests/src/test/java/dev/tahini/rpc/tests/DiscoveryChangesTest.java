package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.load;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents.EndpointsChanged;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists that change under load: as long as the backends live, no call fails. */
final class DiscoveryChangesTest {
  private static final int SERVERS = 4;
  private static final int IN_FLIGHT = 50;

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);
  @AutoClose private final Opened opened = new Opened();

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreAddedOneByOne(LoadPicks picks) {
    list(cluster, "s0");
    ClosedLoop loop =
        opened.add(load(cluster, cluster.client(channel -> channel), IN_FLIGHT, picks));

    for (int listed = 2; listed <= SERVERS; listed++) {
      cluster.discovery().set(endpoints(cluster.backends().subList(0, listed)));
      TestBackend added = cluster.backend("s" + (listed - 1));
      Await.until(() -> loop.answersOf(added) > 0);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreRemovedOneByOne(LoadPicks picks) {
    ClosedLoop loop =
        opened.add(load(cluster, cluster.client(channel -> channel), IN_FLIGHT, picks));

    for (int listed = SERVERS - 1; listed > 0; listed--) {
      cluster.discovery().set(endpoints(cluster.backends().subList(0, listed)));
      loop.awaitMore(4 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAndNoConnectionIsLostAsWeightsChange(LoadPicks picks) {
    RpcClient<Channel> client = cluster.client(channel -> channel);
    ClosedLoop loop = opened.add(load(cluster, client, IN_FLIGHT, picks));
    cluster.awaitReady(client);

    for (int weight = 2; weight <= 20; weight++) {
      List<Endpoint> endpoints = new ArrayList<>(endpoints(cluster.backends()));
      endpoints.set(0, endpoints.get(0).withWeight(weight));
      cluster.discovery().set(endpoints);
      loop.awaitMore(IN_FLIGHT);
    }

    loop.stopWithoutFailure();
    assertEquals(
        List.of(1, 1, 1, 1), cluster.backends().stream().map(s -> s.connectionsEver()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTheListFlapsBetweenDisjointOnes(LoadPicks picks) {
    ClosedLoop loop =
        opened.add(load(cluster, cluster.client(channel -> channel), IN_FLIGHT, picks));

    for (int flap = 0; flap < 10; flap++) {
      list(cluster, "s0", "s1");
      loop.awaitMore(2 * IN_FLIGHT);
      list(cluster, "s2", "s3");
      loop.awaitMore(2 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTwoHundredListsFollowEachOther(LoadPicks picks) {
    ClosedLoop loop =
        opened.add(load(cluster, cluster.client(channel -> channel), IN_FLIGHT, picks));
    Random random = new Random(10);

    for (int update = 0; update < 200; update++) {
      List<TestBackend> some = new ArrayList<>(cluster.backends());
      Collections.shuffle(some, random);
      cluster.discovery().set(endpoints(some.subList(0, 1 + random.nextInt(SERVERS))));
    }
    loop.awaitMore(4 * IN_FLIGHT);

    loop.stopWithoutFailure();
  }

  @Test
  void eventsTellWhichEndpointsCameWentAndChanged() {
    list(cluster, "s0", "s1");
    RecordedEvents events = new RecordedEvents();
    opened.add(cluster.clientBuilder(ProbeGrpc::newBlockingStub).feature(events).build());

    cluster
        .discovery()
        .set(cluster.backend("s1").endpoint().withWeight(2), cluster.backend("s2").endpoint());

    assertEquals(2, events.endpoints().size());
    EndpointsChanged first = events.endpoints().get(0);
    assertEquals(
        List.of(cluster.backend("s0").address(), cluster.backend("s1").address()),
        addresses(first.added()));
    EndpointsChanged second = events.endpoints().get(1);
    assertEquals(List.of(cluster.backend("s2").address()), addresses(second.added()));
    assertEquals(List.of(cluster.backend("s0").address()), addresses(second.removed()));
    assertEquals(List.of(cluster.backend("s1").address()), addresses(second.changed()));
    assertEquals(2, second.size());
  }

  private static List<String> addresses(List<Backend> backends) {
    return backends.stream().map(Backend::address).toList();
  }

  @Test
  void ownersOfKeysAreTheSameInEveryClient() {
    RpcClient<Channel> one = cluster.client(channel -> channel);
    List<TestBackend> reversed = new ArrayList<>(cluster.backends());
    Collections.reverse(reversed);
    TestDiscovery otherOrder = new TestDiscovery();
    otherOrder.set(endpoints(reversed));
    RpcClient<ProbeFutureStub> other =
        opened.add(
            RpcClient.<ProbeFutureStub>builder(TARGET, ProbeGrpc::newFutureStub)
                .discovery(otherOrder)
                .plaintext()
                .build());

    for (int i = 0; i < 200; i++) {
      String key = "key-" + i;
      assertEquals(owners(one, key), owners(other, key));
    }
  }

  private static List<String> owners(RpcClient<?> client, String key) {
    return client.view().owners(key).stream().map(BackendSnapshot::address).toList();
  }

  private static List<Endpoint> endpoints(List<TestBackend> servers) {
    return servers.stream().map(TestBackend::endpoint).toList();
  }
}
