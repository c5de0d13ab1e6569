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

  /** Who may ask the system's clock: each with its reason. */
  private static final Set<String> ASK_THE_CLOCK =
      Set.of(
          // The kit's own list is confirmed when it is made.
          "dev.tahini.rpc.testing.FixedDiscovery");

  /** Who may make or take chance of its own: each with its reason. */
  private static final Set<String> TAKE_CHANCE =
      Set.of(
          // The defaults of all that is passed in.
          "dev.tahini.rpc.core.Sources",
          // The jitter of looking up a host again.
          "dev.tahini.rpc.core.StaticWatch");

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
        .that(areNot(ASK_THE_CLOCK))
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
                "ShardMaps",
                "StaticDiscovery",
                "StaticDiscoveryModule",
                "TahiniLoadBalancerProvider")),
        publicClasses("dev.tahini.rpc.core"));
  }

  @Test
  void publicClassesOfTheKitAreKnown() {
    assertEquals(
        new TreeSet<>(Set.of("InProcessChannelFactory", "RpcTestServer")),
        publicClasses("dev.tahini.rpc.testing"));
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
