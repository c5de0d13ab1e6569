package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.CallLog;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.BackendNamed;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of the backends that are READY a call goes to, for each pick. */
final class ConnectedBackendsTest {
  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(4));

  @ParameterizedTest
  @EnumSource
  void readyBackendIsUsed(
      Asked asked,
      RpcTestCluster cluster,
      RpcClient<ProbeBlockingStub> client,
      @BackendNamed("s0") TestBackend only) {
    list(cluster, "s0");
    cluster.awaitReady(client);

    assertEquals("s0", asked.stub(client, only).ask(ASK).getServer());
  }

  @Test
  void leastLoadedEvensOutWhatIsInFlight(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client) {
    cluster.awaitReady(client);

    hangOneByOne(cluster, client, 12);

    cluster.calls().assertPerBackend(Map.of("s0", 3, "s1", 3, "s2", 3, "s3", 3));
  }

  @Test
  void leastLoadedGivesAHeavierBackendItsShare(
      RpcTestCluster cluster,
      RpcClient<ProbeFutureStub> client,
      @BackendNamed("s0") TestBackend light,
      @BackendNamed("s1") TestBackend heavy) {
    cluster.discovery().set(light.endpoint(), heavy.endpoint().withWeight(3));
    cluster.awaitReady(client);

    hangOneByOne(cluster, client, 16);

    cluster.calls().assertPerBackend(Map.of("s0", 4, "s1", 12));
  }

  /** Each call arrives before the next is made. */
  private static void hangOneByOne(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client, int calls) {
    cluster.backends().forEach(TestBackend::hang);
    for (int i = 1; i <= calls; i++) {
      var unused = client.stub().ask(ASK);
      cluster.awaitHanging(i);
    }
  }

  @Test
  void randomReachesEveryReadyBackendAboutAsOften(RpcTestCluster cluster) {
    Random seeded = new Random(1);
    try (RpcClient<ProbeBlockingStub> client =
        cluster.clientBuilder(ProbeGrpc::newBlockingStub).random(() -> seeded).build()) {
      cluster.awaitReady(client);

      serversOf(client.stub(Pick.random()), 400);
    }

    CallLog log = cluster.calls();
    log.backends().forEach(backend -> log.assertShare(backend, 0.25, 0.075));
  }
}
