package dev.tahini.rpc.tests.laws;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HabitLawsTest {

  /** Who may make or take chance of its own: each with its reason. */
  private static final Set<String> TAKE_CHANCE =
      Set.of(
          // The defaults of all that is passed in.
          "dev.tahini.rpc.core.Sources",
          "dev.tahini.rpc.discovery.dns.DnsDiscovery",
          "dev.tahini.rpc.discovery.k8s.KubernetesDiscovery",
          "dev.tahini.rpc.retry.StandardRetryPolicy",
          "dev.tahini.rpc.retry.GomaRetryPolicy");

  /** Who may print: each with its reason. */
  private static final Set<String> PRINT =
      Set.of(
          // A program: its tables are what it is for.
          "dev.tahini.rpc.testing.lab.Lab");

  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(House.MAIN);
  }

  @Test
  void staticFieldsHoldNothingThatChanges() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .notHaveRawType(
            describe(
                "is an atomic, a concurrent map, a thread local, or a list or map that grows",
                HabitLawsTest::changes))
        .check(House.MAIN);
  }

  private static boolean changes(JavaClass type) {
    boolean collection = type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    return type.getPackageName().equals("java.util.concurrent.atomic")
        || type.isAssignableTo(ConcurrentMap.class)
        || type.isAssignableTo(ThreadLocal.class)
        || (collection && !type.isInterface());
  }

  @Test
  void nothingIsPrinted() {
    noClasses()
        .that(areNot(PRINT))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(House.MAIN);
  }

  @Test
  void timeComesInThroughConstructors() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(House.MAIN);
  }

  @Test
  void chanceComesInThroughConstructors() {
    noClasses()
        .that(areNot(TAKE_CHANCE))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(House.MAIN);
  }

  @Test
  void nothingSleeps() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Object.class, "wait", long.class)
        .check(House.MAIN);
  }

  private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
    return describe(
        "are not " + new TreeSet<>(names), any -> !names.contains(House.topLevel(any).getName()));
  }

  /** What is public is promised: a new one is a decision, and is added here. */
  @Test
  void publicClassesOfTheCoreAreKnown() {
    assertEquals(
        new TreeSet<>(
            Set.of(
                "CallFunction",
                "ChannelFactory",
                "ClientOptions",
                "RpcBinder",
                "RpcBinder$BoundClient",
                "RpcClient",
                "RpcClient$Builder",
                "RpcClients",
                "RpcModule",
                "StaticDiscovery",
                "StaticDiscoveryModule",
                "TahiniLoadBalancerProvider")),
        publicClasses("dev.tahini.rpc.core"));
  }

  @Test
  void publicClassesOfTheShardMapsAreKnown() {
    assertEquals(Set.of("ShardMaps"), publicClasses("dev.tahini.rpc.core.shard"));
  }

  @Test
  void publicClassesOfTheKitAreKnown() {
    assertEquals(
        new TreeSet<>(
            Set.of(
                "CallLog",
                "Failure",
                "FakeScheduler",
                "FakeTicker",
                "FakeTime",
                "InProcessChannelFactory",
                "KeyOwners",
                "RecordedAttempt",
                "RecordedCall",
                "RpcTestCluster",
                "RpcTestCluster$Builder",
                "RpcTestClusterModule",
                "RpcTestServer",
                "TestBackend",
                "TestDiscovery",
                "TestDiscoveryModule",
                "TestEndpoints")),
        publicClasses("dev.tahini.rpc.testing"));
  }

  @Test
  void publicClassesOfTheKitsJunitPackageAreKnown() {
    assertEquals(
        new TreeSet<>(Set.of("BackendNamed", "RpcClusterExtension")),
        publicClasses("dev.tahini.rpc.testing.junit"));
  }

  @Test
  void publicClassesOfTheKitsContractPackageAreKnown() {
    assertEquals(
        new TreeSet<>(
            Set.of(
                "ChangingDiscoveryContract",
                "DiscoveryContract",
                "PickerContract",
                "PickerFactoryContract",
                "RetryPolicyContract")),
        publicClasses("dev.tahini.rpc.testing.contract"));
  }

  @Test
  void publicClassesOfTheKitsLabAreKnown() {
    assertEquals(
        new TreeSet<>(
            Set.of(
                "Arrivals",
                "Arrivals$Poisson",
                "Arrivals$Utilization",
                "ClientContext",
                "ClientSpec",
                "ClusterBuilder",
                "ColdStart",
                "Keys",
                "Lab",
                "Latencies",
                "Report",
                "Report$BackendReport",
                "Report$Phase",
                "Scenario",
                "ScenarioReport",
                "ServerSpec",
                "ServiceTime",
                "ServiceTime$Bimodal",
                "ServiceTime$Constant",
                "ServiceTime$Exponential",
                "ServiceTime$Pareto",
                "SimulatedCluster")),
        publicClasses("dev.tahini.rpc.testing.lab"));
  }

  /** Each gets a set of its own above. */
  @Test
  void subPackagesOfTheKitAreKnown() {
    assertEquals(
        Set.of(
            "dev.tahini.rpc.testing",
            "dev.tahini.rpc.testing.contract",
            "dev.tahini.rpc.testing.junit",
            "dev.tahini.rpc.testing.lab"),
        House.MAIN.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("dev.tahini.rpc.testing"))
            .collect(Collectors.toSet()));
  }

  private static Set<String> publicClasses(String of) {
    return House.MAIN.stream()
        .filter(any -> any.getPackageName().equals(of))
        .filter(HabitLawsTest::isSeenByUsers)
        .map(any -> any.getName().substring(of.length() + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isSeenByUsers(JavaClass any) {
    return any.getModifiers().contains(JavaModifier.PUBLIC)
        && any.getEnclosingClass().map(HabitLawsTest::isSeenByUsers).orElse(true);
  }
}
