package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.FUTURE;
import static dev.tahini.rpc.tests.Wiring.FUTURE_CLIENT;
import static dev.tahini.rpc.tests.Wiring.future;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The end of an injector's clients. */
final class InjectorLifeTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  @Test
  void injectorsDoNotSeeEachOthersClients() {
    Injector one = wiring.injector(BLOCKING);
    Injector other = wiring.injector(BLOCKING);
    RpcClient<ProbeBlockingStub> ofOne = one.getInstance(CLIENT);
    RpcClient<ProbeBlockingStub> ofOther = other.getInstance(CLIENT);

    assertNotSame(ofOne.view(), ofOther.view());
    assertEquals(List.of(ofOne.view()), one.getInstance(Clients.class).all());
    assertEquals(List.of(ofOther.view()), other.getInstance(Clients.class).all());
  }

  @Test
  void closingOneInjectorsClientsKeepsTheOthers() {
    Injector one = wiring.injector(BLOCKING);
    Injector other = wiring.injector(BLOCKING);
    one.getInstance(ProbeBlockingStub.class).ask(ASK);
    ProbeBlockingStub kept = other.getInstance(ProbeBlockingStub.class);

    one.getInstance(RpcClients.class).close();

    assertEquals("", kept.ask(ASK).getId());
  }

  @Test
  void closingTheClientsRefusesCallsOfEachNamingItsTarget() {
    Injector injector = wiring.injector(BLOCKING);
    ProbeBlockingStub stub = injector.getInstance(ProbeBlockingStub.class);
    stub.ask(ASK);

    injector.getInstance(RpcClients.class).close();

    Expect.unavailable("probe.test:grpc: the client is closed", failure(() -> stub.ask(ASK)));
    assertEquals(List.of(), injector.getInstance(Clients.class).all());
    cluster.backends().forEach(backend -> backend.awaitConnections(0));
    cluster.assertNothingOpen();
  }

  @Test
  void closingTheClientsCutsCallsAfterTheLongestGrace() {
    Injector injector =
        wiring.injector(future(client -> client.gracePeriod(Duration.ofMillis(50))));
    cluster.backends().forEach(TestBackend::hang);
    ListenableFuture<AskResponse> call = injector.getInstance(ProbeFutureStub.class).ask(ASK);
    cluster.awaitHanging(1);

    injector.getInstance(RpcClients.class).close();

    assertEquals(Status.Code.UNAVAILABLE, outcome(call).getCode());
  }

  @Test
  void closedClientsOpenNoMore() {
    Injector injector = wiring.injector(BLOCKING);

    injector.getInstance(RpcClients.class).close();

    ProvisionException failure =
        assertThrows(ProvisionException.class, () -> injector.getInstance(CLIENT));
    Expect.contains("probe.test:grpc: its RpcClients are closed", failure.getMessage());
  }

  @Test
  void closingTheClientsLeavesNoThreadThatKeepsTheJvmAlive() {
    Set<Thread> before = nonDaemonThreads();
    Injector injector = wiring.injector(BLOCKING, FUTURE);
    injector.getInstance(ProbeBlockingStub.class).ask(ASK);
    Probes.answer(injector.getInstance(FUTURE_CLIENT).stub(Pick.shard("a key")).ask(ASK));

    injector.getInstance(RpcClients.class).close();

    Set<Thread> left = nonDaemonThreads();
    left.removeAll(before);
    assertEquals(Set.of(), left);
  }

  private static Set<Thread> nonDaemonThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(Thread::isDaemon);
    return threads;
  }
}
