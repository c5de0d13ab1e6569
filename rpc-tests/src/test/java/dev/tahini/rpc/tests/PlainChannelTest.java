package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The policy {@code tahini} in channels that know nothing else of the library. */
final class PlainChannelTest {
  private static final Map<String, ?> RANDOM = config(Map.of("pick", "random"));

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final Opened opened = new Opened();

  @Test
  void policyIsFoundByItsName() {
    ProbeBlockingStub stub = stub(channel(resolver(null)));

    assertEquals(Set.of("s0", "s1", "s2"), serversOf(stub, 60));
  }

  @Test
  void defaultIsTheLeastLoaded() {
    ManagedChannel channel = channel(resolver(null));
    loadAllButTheLast(channel);

    assertEquals(Set.of("s2"), serversOf(stub(channel), 20));
  }

  @Test
  void serviceConfigOfTheChannelSaysAnotherPick() {
    ManagedChannel channel = closing(builder(resolver(null)).defaultServiceConfig(RANDOM).build());
    loadAllButTheLast(channel);

    assertEquals(Set.of("s0", "s1", "s2"), serversOf(stub(channel), 60));
  }

  @Test
  void serviceConfigOfTheResolverSaysAnotherPick() {
    ManagedChannel channel = channel(resolver(RANDOM));
    loadAllButTheLast(channel);

    assertEquals(Set.of("s0", "s1", "s2"), serversOf(stub(channel), 60));
  }

  @Test
  void pickOfACallWinsOverTheServiceConfigs() {
    ManagedChannel channel = channel(resolver(RANDOM));

    assertEquals(Set.of("s1"), serversOf(with(channel, to(cluster.backend("s1"))), 20));
  }

  @Test
  void addressOfNoBackendFailsTheCallNamingIt() {
    ManagedChannel channel = channel(resolver(null));

    Expect.unavailable(
        "10.9.8.7:1 is not among its 3 backends",
        failure(() -> with(channel, Pick.address("10.9.8.7:1")).ask(ASK)));
  }

  @Test
  void keyGoesToTheSameBackendFromEveryChannel() {
    ManagedChannel one = channel(resolver(null));
    ManagedChannel other = channel(resolver(null));
    Set<String> owners = new TreeSet<>();

    for (int i = 0; i < 50; i++) {
      Pick key = Pick.shard("key-" + i);
      String owner = with(one, key).ask(ASK).getServer();
      assertEquals(owner, with(other, key).ask(ASK).getServer());
      owners.add(owner);
    }
    assertEquals(Set.of("s0", "s1", "s2"), owners);
  }

  @Test
  void keyGoesToTheBackendThatAClientOfTheLibraryWouldSendItTo() {
    ManagedChannel channel = channel(resolver(null));
    var client = cluster.client(ProbeGrpc::newBlockingStub);

    for (int i = 0; i < 50; i++) {
      Pick key = Pick.shard("key-" + i);
      assertEquals(client.stub(key).ask(ASK).getServer(), with(channel, key).ask(ASK).getServer());
    }
  }

  @Test
  void seedRepeatsItsBackends() {
    ManagedChannel channel = channel(resolver(null));
    loadAllButTheLast(channel);

    assertEquals(drawn(channel), drawn(channel));
  }

  private static List<String> drawn(ManagedChannel channel) {
    ProbeBlockingStub drawing = with(channel, Pick.random(new Random(5)));
    List<String> servers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      servers.add(drawing.ask(ASK).getServer());
    }
    return servers;
  }

  @Test
  void pickerThatNoPlainChannelHasFailsTheCallNamingIt() {
    ManagedChannel channel = channel(resolver(null));

    Expect.status(
        Status.Code.INTERNAL,
        "picker by_tenant failed",
        failure(() -> with(channel, Pick.with("by_tenant", "t")).ask(ASK)));
    assertEquals(1, serversOf(stub(channel), 1).size());
  }

  @Test
  void badServiceConfigOfTheChannelIsRefusedSayingWhatIsWrong() {
    ManagedChannelBuilder<?> builder =
        builder(resolver(null)).defaultServiceConfig(config(Map.of("pick", "fastest")));

    RuntimeException refusal = assertThrows(RuntimeException.class, builder::build);

    Expect.contains("tahini: pick: fastest (expected: least_loaded or random)", refusal.toString());
  }

  @Test
  void badServiceConfigOfTheResolverFailsTheCallSayingWhatIsWrong() {
    ManagedChannel channel = channel(resolver(config(Map.of("shardMap", "round"))));

    Expect.unavailable(
        "tahini: shardMap: round (expected: standard, ring_hash, maglev or goma",
        failure(() -> stub(channel).ask(ASK)));
  }

  @Test
  void emptyAnswerFailsTheCallSayingSo() {
    ManagedChannel channel = channel(new NamesResolver(List.of(), null));

    Expect.unavailable("no backends", failure(() -> stub(channel).ask(ASK)));
  }

  @Test
  void failedAnswerFailsTheCallWithItsError() {
    ManagedChannel channel =
        channel(new NamesResolver(Status.UNAVAILABLE.withDescription("zone is gone")));

    Expect.unavailable("zone is gone", failure(() -> stub(channel).ask(ASK)));
  }

  @Test
  void dnsOfGrpcItselfWorks() {
    ManagedChannel channel =
        closing(
            ManagedChannelBuilder.forTarget("dns:///localhost:" + portOf(cluster.backend("s0")))
                .defaultLoadBalancingPolicy("tahini")
                .usePlaintext()
                .build());

    assertEquals("s0", stub(channel).withWaitForReady().ask(ASK).getServer());
  }

  private static int portOf(TestBackend backend) {
    return ((InetSocketAddress) backend.endpoint().address()).getPort();
  }

  /** What is in flight on the first two makes the third the least loaded. */
  private void loadAllButTheLast(ManagedChannel channel) {
    for (TestBackend backend : cluster.backends()) {
      with(channel, to(backend)).ask(ASK);
    }
    for (int i = 0; i < 2; i++) {
      var unused =
          ProbeGrpc.newFutureStub(channel)
              .withOption(Pick.OPTION, to(cluster.backend("s" + i)))
              .ask(HANG);
    }
    cluster.awaitInFlight(2);
  }

  private static Map<String, ?> config(Map<String, ?> ofPolicy) {
    return Map.of("loadBalancingConfig", List.of(Map.of("tahini", ofPolicy)));
  }

  private NamesResolver resolver(@Nullable Map<String, ?> serviceConfig) {
    return new NamesResolver(
        cluster.backends().stream()
            .map(server -> new EquivalentAddressGroup(server.endpoint().address()))
            .toList(),
        serviceConfig);
  }

  private ManagedChannel channel(NamesResolver resolver) {
    return closing(builder(resolver).build());
  }

  private static ManagedChannelBuilder<?> builder(NamesResolver resolver) {
    NameResolverRegistry registry = new NameResolverRegistry();
    registry.register(resolver);
    return Grpc.newChannelBuilder("names:///probe", InsecureChannelCredentials.create(), registry)
        .defaultLoadBalancingPolicy("tahini");
  }

  private ManagedChannel closing(ManagedChannel channel) {
    opened.add(channel::shutdownNow);
    return channel;
  }

  private static ProbeBlockingStub stub(ManagedChannel channel) {
    return ProbeGrpc.newBlockingStub(channel).withDeadlineAfter(Await.PATIENCE);
  }

  private static ProbeBlockingStub with(ManagedChannel channel, Pick pick) {
    return stub(channel).withOption(Pick.OPTION, pick);
  }
}
