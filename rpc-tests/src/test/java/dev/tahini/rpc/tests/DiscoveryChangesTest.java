package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents.EndpointsChanged;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
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

  @AutoClose private final Fleet fleet = Fleet.of(SERVERS);

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreAddedOneByOne(LoadPicks picks) {
    fleet.list(fleet.server(0));
    ClosedLoop loop = fleet.load(fleet.client(channel -> channel), IN_FLIGHT, picks);

    for (int listed = 2; listed <= SERVERS; listed++) {
      fleet.discovery().list(endpoints(fleet.servers().subList(0, listed)));
      ProbeServer added = fleet.server(listed - 1);
      Await.until(() -> loop.answersOf(added) > 0);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreRemovedOneByOne(LoadPicks picks) {
    ClosedLoop loop = fleet.load(fleet.client(channel -> channel), IN_FLIGHT, picks);

    for (int listed = SERVERS - 1; listed > 0; listed--) {
      fleet.discovery().list(endpoints(fleet.servers().subList(0, listed)));
      loop.awaitMore(4 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAndNoConnectionIsLostAsWeightsChange(LoadPicks picks) {
    RpcClient<Channel> client = fleet.client(channel -> channel);
    ClosedLoop loop = fleet.load(client, IN_FLIGHT, picks);
    Fleet.awaitReady(client, SERVERS);

    for (int weight = 2; weight <= 20; weight++) {
      List<Endpoint> endpoints = new ArrayList<>(endpoints(fleet.servers()));
      endpoints.set(0, endpoints.get(0).withWeight(weight));
      fleet.discovery().list(endpoints);
      loop.awaitMore(IN_FLIGHT);
    }

    loop.stopWithoutFailure();
    assertEquals(
        List.of(1, 1, 1, 1), fleet.servers().stream().map(s -> s.connectionsEver()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTheListFlapsBetweenDisjointOnes(LoadPicks picks) {
    ClosedLoop loop = fleet.load(fleet.client(channel -> channel), IN_FLIGHT, picks);

    for (int flap = 0; flap < 10; flap++) {
      fleet.list(fleet.server(0), fleet.server(1));
      loop.awaitMore(2 * IN_FLIGHT);
      fleet.list(fleet.server(2), fleet.server(3));
      loop.awaitMore(2 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTwoHundredListsFollowEachOther(LoadPicks picks) {
    ClosedLoop loop = fleet.load(fleet.client(channel -> channel), IN_FLIGHT, picks);
    Random random = new Random(10);

    for (int update = 0; update < 200; update++) {
      List<ProbeServer> some = new ArrayList<>(fleet.servers());
      Collections.shuffle(some, random);
      fleet.discovery().list(endpoints(some.subList(0, 1 + random.nextInt(SERVERS))));
    }
    loop.awaitMore(4 * IN_FLIGHT);

    loop.stopWithoutFailure();
  }

  @Test
  void eventsTellWhichEndpointsCameWentAndChanged() {
    fleet.list(fleet.server(0), fleet.server(1));
    RecordedEvents events = new RecordedEvents();
    fleet.closing(fleet.builder().feature(events).build());

    fleet.discovery().list(fleet.server(1).endpoint().withWeight(2), fleet.server(2).endpoint());

    assertEquals(2, events.endpoints().size());
    EndpointsChanged first = events.endpoints().get(0);
    assertEquals(
        List.of(fleet.server(0).address(), fleet.server(1).address()), addresses(first.added()));
    EndpointsChanged second = events.endpoints().get(1);
    assertEquals(List.of(fleet.server(2).address()), addresses(second.added()));
    assertEquals(List.of(fleet.server(0).address()), addresses(second.removed()));
    assertEquals(List.of(fleet.server(1).address()), addresses(second.changed()));
    assertEquals(2, second.size());
  }

  private static List<String> addresses(List<Backend> backends) {
    return backends.stream().map(Backend::address).toList();
  }

  @Test
  void ownersOfKeysAreTheSameInEveryClient() {
    RpcClient<Channel> one = fleet.client(channel -> channel);
    List<ProbeServer> reversed = new ArrayList<>(fleet.servers());
    Collections.reverse(reversed);
    ListDiscovery otherOrder = new ListDiscovery();
    otherOrder.list(endpoints(reversed));
    RpcClient<ProbeFutureStub> other =
        fleet.closing(
            RpcClient.<ProbeFutureStub>builder(Fleet.TARGET, ProbeGrpc::newFutureStub)
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

  private static List<Endpoint> endpoints(List<ProbeServer> servers) {
    return servers.stream().map(ProbeServer::endpoint).toList();
  }
}
