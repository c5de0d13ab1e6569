package dev.tahini.rpc.testing.junit;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.FakeTime;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.testing.junit.HelloGrpc.HelloBlockingStub;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Execution(ExecutionMode.SAME_THREAD) // its samples write down what they see
class RpcClusterExtensionTest {

  @RegisterExtension
  final RpcClusterExtension extension =
      RpcClusterExtension.of(
          () ->
              RpcTestCluster.builder()
                  .services(HelloGrpc::service)
                  .backends("a", "b")
                  .time(new FakeTime())
                  .start());

  @Test
  void everyPartOfTheClusterIsInjected(
      RpcTestCluster cluster,
      @BackendNamed("b") TestBackend b,
      RpcClient<HelloBlockingStub> client,
      Channel channel,
      TestDiscovery discovery,
      FakeTime time) {
    discovery.set(b.endpoint());
    discovery.awaitApplied();

    assertSame(cluster.backend("b"), b);
    assertSame(cluster.discovery(), discovery);
    assertSame(cluster.time(), time);
    assertEquals("hello you from b", client.stub().hello("you"));
    assertEquals("hello you from b", HelloGrpc.newBlockingStub(channel).hello("you"));
  }

  @Test
  void clientOfAChannelNeedsNoStub(RpcClient<Channel> client) {
    assertTrue(HelloGrpc.newBlockingStub(client.stub()).hello("you").startsWith("hello you"));
  }

  @Nested
  class InsideOfIt {
    @Test
    void nestedTestsHaveTheCluster(RpcTestCluster cluster) {
      assertEquals(2, cluster.backends().size());
    }
  }

  /** Where tests of this file write down what they were given; the runs below read it. */
  static final Queue<RpcTestCluster> SEEN = new ConcurrentLinkedQueue<>();

  static final Queue<RpcClient<?>> CLIENTS = new ConcurrentLinkedQueue<>();

  private static EngineExecutionResults run(Class<?> sample) {
    SEEN.clear();
    CLIENTS.clear();
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .selectors(selectClass(sample))
        .execute();
  }

  private static Set<RpcTestCluster> seen() {
    return SEEN.stream().collect(toSet());
  }

  private static void assertClosed(RpcTestCluster cluster) {
    assertThrows(IllegalStateException.class, () -> cluster.client(HelloGrpc::newBlockingStub));
  }

  static class PerTestSample {
    @RegisterExtension
    final RpcClusterExtension cluster = RpcClusterExtension.inProcess(HelloGrpc::service, "a");

    @RepeatedTest(3)
    void sees(RpcTestCluster cluster) {
      SEEN.add(cluster);
    }
  }

  @Test
  void instanceFieldMakesAClusterForEachTest() {
    run(PerTestSample.class).testEvents().assertStatistics(stats -> stats.succeeded(3));

    assertEquals(3, seen().size());
    seen().forEach(RpcClusterExtensionTest::assertClosed);
  }

  static class PerClassSample {
    @RegisterExtension
    static final RpcClusterExtension CLUSTER =
        RpcClusterExtension.inProcess(HelloGrpc::service, "a");

    @RepeatedTest(3)
    void sees(RpcTestCluster cluster, RpcClient<HelloBlockingStub> client) {
      SEEN.add(cluster);
      CLIENTS.forEach(
          earlier ->
              assertThrows(
                  StatusRuntimeException.class,
                  () -> HelloGrpc.newBlockingStub(earlier.channel()).hello("you")));
      CLIENTS.add(client);
      assertEquals("hello you from a", client.stub().hello("you"));
    }
  }

  @Test
  void staticFieldMakesOneClusterForTheClassAndClientsEndWithTheirTests() {
    run(PerClassSample.class).testEvents().assertStatistics(stats -> stats.succeeded(3));

    assertEquals(1, seen().size());
    assertClosed(SEEN.element());
    assertEquals(3, CLIENTS.size());
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelSample {
    @RegisterExtension
    final RpcClusterExtension cluster = RpcClusterExtension.inProcess(HelloGrpc::service, "a", "b");

    @Execution(ExecutionMode.CONCURRENT)
    @RepeatedTest(20)
    void seesItsOwnCallsOnly(RpcTestCluster cluster, RpcClient<HelloBlockingStub> client) {
      SEEN.add(cluster);
      IntStream.range(0, 10).forEach(i -> client.stub().hello("you"));
      assertEquals(10, cluster.attempts().size());
    }
  }

  @Test
  void testsInParallelDoNotMeet() {
    run(ParallelSample.class).testEvents().assertStatistics(stats -> stats.succeeded(20));

    assertEquals(20, seen().size());
  }

  static class FailingSample {
    @RegisterExtension
    final RpcClusterExtension cluster = RpcClusterExtension.inProcess(HelloGrpc::service, "a", "b");

    @Test
    void fails(RpcTestCluster cluster, RpcClient<HelloBlockingStub> client) {
      cluster.awaitReady(client);
      client.stub().hello("you");
      throw new AssertionError("on purpose");
    }
  }

  @Test
  void failureTellsHowTheClusterStood() {
    Throwable failure = failureOf(FailingSample.class);

    assertEquals("on purpose", failure.getMessage());
    String report = failure.getSuppressed()[0].toString();
    assertTrue(report.contains("client of test-cluster: 2 backends"), report);
    assertTrue(report.contains("READY, in flight 0, succeeded 1"), report);
    assertTrue(report.contains("test.Hello/Hello, call 1.1: OK"), report);
  }

  static class BadParameterSample {
    @RegisterExtension
    final RpcClusterExtension cluster = RpcClusterExtension.inProcess(HelloGrpc::service, "a");

    @Test
    void noName(TestBackend backend) {}

    @Test
    void unknownName(@BackendNamed("z") TestBackend backend) {}

    @Test
    void noStub(RpcClient<String> client) {}

    @Test
    void rawClient(@SuppressWarnings("rawtypes") RpcClient client) {}

    @Test
    void systemsTime(FakeTime time) {}
  }

  @Test
  void badParametersAreRefusedByNamingWhatIsExpected() {
    List<String> said =
        run(BadParameterSample.class).testEvents().failed().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> deepest(result.getThrowable().orElseThrow()).getMessage())
            .sorted()
            .toList();

    assertEquals(5, said.size(), said::toString);
    assertContains(said, "no name (expected: @BackendNamed(\"...\"))");
    assertContains(said, "z (expected: one of [a])");
    assertContains(said, "stub: java.lang.String (expected: a class that gRPC generated");
    assertContains(said, "(expected: RpcClient<GreeterBlockingStub>");
    assertContains(said, "time: the system's (expected: a cluster that was built with .time(");
  }

  private static void assertContains(List<String> said, String part) {
    assertTrue(said.stream().anyMatch(text -> text.contains(part)), () -> part + " in " + said);
  }

  private static Throwable failureOf(Class<?> sample) {
    EngineExecutionResults results = run(sample);
    assertFalse(results.testEvents().failed().list().isEmpty());
    return results.testEvents().failed().stream()
        .findFirst()
        .orElseThrow()
        .getRequiredPayload(TestExecutionResult.class)
        .getThrowable()
        .orElseThrow();
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : deepest(cause);
  }
}
