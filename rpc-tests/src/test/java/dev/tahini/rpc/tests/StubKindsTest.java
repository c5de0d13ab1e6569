package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of stub through one client, with every pick. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StubKindsTest {
  private static final int SERVERS = 3;

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);

  @AutoClose
  private final RpcClient<Channel> client =
      cluster.<Channel>clientBuilder(channel -> channel).picker(new ByIndex()).build();

  /** The backend at the index that is the key. */
  private static final class ByIndex implements Picker.Factory {
    @Override
    public String name() {
      return "by_index";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      List<Backend> all = backends.all();
      return request -> all.get(Integer.parseInt(String.valueOf(request.key())));
    }
  }

  /** What is in flight on all servers but the last makes that one the least loaded. */
  @BeforeAll
  void loadAllServersButTheLast() {
    cluster.awaitReady(client);
    for (int i = 0; i < SERVERS - 1; i++) {
      var unused = ProbeGrpc.newFutureStub(client.stub(to(cluster.backend("s" + i)))).ask(HANG);
    }
    cluster.awaitInFlight(SERVERS - 1);
  }

  private Stream<Arguments> kindsAndPicks() {
    Set<String> all = Set.of("s0", "s1", "s2");
    return Stream.of(StubKind.values())
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, Pick.leastLoaded(), Set.of("s2")),
                    Arguments.of(kind, Pick.shard("user-1"), Set.of(ownerOf("user-1"))),
                    Arguments.of(kind, Pick.shard("user-2").strict(), Set.of(ownerOf("user-2"))),
                    Arguments.of(kind, Pick.random(), all),
                    Arguments.of(kind, Pick.random(new Random(7)), all),
                    Arguments.of(kind, to(cluster.backend("s1")), Set.of("s1")),
                    Arguments.of(kind, Pick.with("by_index", "0"), Set.of("s0"))));
  }

  private String ownerOf(String key) {
    String address = Fleet.ownerOf(client, key);
    return cluster.backends().stream()
        .filter(backend -> backend.address().equals(address))
        .findFirst()
        .orElseThrow()
        .name();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("kindsAndPicks")
  void callOfTheStubGoesToABackendOfThePick(StubKind kind, Pick pick, Set<String> expected)
      throws Exception {
    List<AskResponse> answers = kind.call(client.stub(pick), ask("a call"));

    assertFalse(answers.isEmpty());
    for (AskResponse answer : answers) {
      assertEquals("a call", answer.getId());
      assertTrue(expected.contains(answer.getServer()), () -> expected + " has " + answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void callsOfAFunctionGoToOneBackend(StubKind kind) throws Exception {
    for (int i = 0; i < 5; i++) {
      Set<String> servers =
          client.call(
              Pick.random(),
              channel -> {
                Set<String> answering = new HashSet<>();
                for (int call = 0; call < 10; call++) {
                  kind.call(channel, ask("")).forEach(a -> answering.add(a.getServer()));
                }
                return answering;
              });

      assertEquals(1, servers.size(), servers::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameSeedGivesTheSameBackendsInTheSameOrder(StubKind kind) throws Exception {
    assertEquals(serversOf(kind, new Random(42)), serversOf(kind, new Random(42)));
  }

  private List<String> serversOf(StubKind kind, Random random) throws Exception {
    List<String> servers = new ArrayList<>();
    Channel drawing = client.stub(Pick.random(random));
    for (int i = 0; i < 20; i++) {
      servers.add(kind.call(drawing, ask("")).get(0).getServer());
    }
    assertTrue(Set.copyOf(servers).size() > 1, servers::toString);
    return servers;
  }
}
