package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of the backends that are READY a call goes to, for each pick. */
final class ConnectedBackendsTest {
  @AutoClose private final Fleet fleet = Fleet.unlisted();

  @ParameterizedTest
  @EnumSource
  void readyBackendIsUsed(Asked asked) {
    ProbeServer server = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOf(1, server.endpoint());

    assertEquals("s0", asked.stub(client, server.endpoint()).ask(ASK).getServer());
  }

  @Test
  void leastLoadedEvensOutWhatIsInFlight() {
    fleet.list(fleet.start("s0"), fleet.start("s1"), fleet.start("s2"), fleet.start("s3"));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, 4);

    for (int i = 1; i <= 12; i++) {
      var unused = client.stub().ask(Probes.HANG);
      fleet.awaitHanging(i);
    }

    assertEquals(
        List.of(3, 3, 3, 3), fleet.servers().stream().map(s -> s.service().hanging()).toList());
  }

  @Test
  void leastLoadedGivesAHeavierBackendItsShare() {
    ProbeServer light = fleet.start("light");
    ProbeServer heavy = fleet.start("heavy");
    fleet.discovery().list(light.endpoint(), heavy.endpoint().withWeight(3));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, 2);

    for (int i = 1; i <= 16; i++) {
      var unused = client.stub().ask(Probes.HANG);
      fleet.awaitHanging(i);
    }

    assertEquals(4, light.service().hanging());
    assertEquals(12, heavy.service().hanging());
  }

  @Test
  void randomReachesEveryReadyBackendAboutAsOften() {
    fleet.list(fleet.start("s0"), fleet.start("s1"), fleet.start("s2"));
    Random seeded = new Random(1);
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(fleet.builder().random(() -> seeded).build());
    Fleet.awaitReady(client, 3);

    serversOf(client.stub(Pick.random()), 300);

    for (BackendSnapshot backend : client.view().snapshot().backends()) {
      assertTrue(Math.abs(backend.started() - 100) <= 30, backend::toString);
    }
  }
}
