package dev.tahini.rpc.tests.laws;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyLawsTest {
  private static final DescribedPredicate<JavaClass> GLUE =
      describe(
          "are *Module or *Binder",
          any -> {
            String name = House.topLevel(any).getSimpleName();
            return name.endsWith("Module") || name.endsWith("Binder");
          });

  /** Else every law below would hold for want of classes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.tahini.rpc.Pick",
        "dev.tahini.rpc.core.RpcClient",
        "dev.tahini.rpc.discovery.dns.DnsDiscovery",
        "dev.tahini.rpc.discovery.k8s.KubernetesDiscovery",
        "dev.tahini.rpc.debug.http.DebugHttpModule",
        "dev.tahini.rpc.retry.RetryModule",
        "dev.tahini.rpc.testing.RpcTestServer",
        "dev.tahini.rpc.testing.junit.RpcClusterExtension"
      })
  void everyModuleIsLookedAt(String name) {
    assertTrue(House.MAIN.contain(name), name);
  }

  @Test
  void testsAreNotLookedAt() {
    assertTrue(
        House.MAIN.stream()
            .noneMatch(any -> any.getPackageName().startsWith("dev.tahini.rpc.tests")));
  }

  @Test
  void apiNeedsGrpcAndJspecifyAndNothingElse() {
    classes()
        .that()
        .resideInAPackage(House.API)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(House.API, "java..", "io.grpc..", "org.jspecify..")
        .check(House.MAIN);
  }

  @Test
  void apiNeedsNoInternalsOfGrpc() {
    noClasses()
        .that()
        .resideInAnyPackage(House.API, House.CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc.internal..", "io.grpc.netty..", "io.grpc.util..")
        .check(House.MAIN);
  }

  @Test
  void plugInsDependOnTheApiAndNeverOnTheCore() {
    noClasses()
        .that()
        .resideInAnyPackage(House.PLUG_INS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(House.CORE)
        .allowEmptyShould(true)
        .check(House.MAIN);
  }

  @Test
  void plugInsDoNotKnowEachOther() {
    slices()
        .matching("dev.tahini.rpc.(discovery.*|retry|debug.*)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(House.MAIN);
  }

  @Test
  void coreKnowsNoPlugIn() {
    noClasses()
        .that()
        .resideInAnyPackage(House.API, House.CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(House.PLUG_INS)
        .check(House.MAIN);
  }

  @Test
  void noMainCodeUsesTheTestKit() {
    noClasses()
        .that()
        .resideOutsideOfPackage(House.TESTING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(House.TESTING)
        .check(House.MAIN);
  }

  @Test
  void coreOfTheKitNeedsNoJUnit() {
    noClasses()
        .that()
        .resideInAnyPackage(House.TESTING)
        .and()
        .resideOutsideOfPackages(House.FOR_JUNIT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.junit..", "org.opentest4j..", "net.jqwik..")
        .check(House.MAIN);
  }

  @Test
  void subPackagesOfTheKitKnowItAndNotTheOtherWayRound() {
    noClasses()
        .that()
        .resideInAPackage(House.TESTING_CORE)
        .should()
        .dependOnClassesThat(
            resideInAPackage(House.TESTING).and(resideOutsideOfPackage(House.TESTING_CORE)))
        .check(House.MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tahini.(**)").should().beFreeOfCycles().check(House.MAIN);
  }

  @Test
  void guiceIsInModulesAndBindersOnly() {
    noClasses()
        .that(DescribedPredicate.not(GLUE))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.inject..")
        .check(House.MAIN);
  }

  @Test
  void noMainCodeKnowsALogBackend() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ch.qos.logback..", "java.util.logging..", "org.slf4j.bridge..")
        .check(House.MAIN);
  }
}
