package dev.tahini.rpc.tests.laws;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The main classes of every module on the class path, but those of the tests' API server. */
final class House {
  static final String API = "dev.tahini.rpc";
  static final String CORE = "dev.tahini.rpc.core..";
  static final String TESTING = "dev.tahini.rpc.testing..";
  static final String TESTING_CORE = "dev.tahini.rpc.testing";

  /** The packages of the kit that users' JUnit brings to life. */
  static final String[] FOR_JUNIT = {
    "dev.tahini.rpc.testing.junit..", "dev.tahini.rpc.testing.contract.."
  };

  /** Also those that are still to come. */
  static final String[] PLUG_INS = {
    "dev.tahini.rpc.discovery..", "dev.tahini.rpc.retry..", "dev.tahini.rpc.debug.."
  };

  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/rpc-tests/"))
          .withImportOption(location -> !location.contains("/rpc-apiserver/"))
          .importPackages("dev.tahini.rpc");

  private House() {}

  /** The class of the file that a class stands in. */
  static JavaClass topLevel(JavaClass any) {
    return any.getEnclosingClass().map(House::topLevel).orElse(any);
  }
}
