package dev.tahini.rpc.tests.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ContractLawsTest {
  private static final JavaClasses KIT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tahini.rpc.testing");

  /** Who tests with another framework, or another JUnit, can use the rest of the kit. */
  @Test
  void onlyTheContractsNeedJunit() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tahini.rpc.testing.contract..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.junit..", "dev.tahini.rpc.testing.contract..")
        .check(KIT);
  }
}
