package dev.tahini.rpc.testing.junit;

import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Which backend of the cluster is injected into a {@code TestBackend} parameter. */
@Documented
@Retention(RUNTIME)
@Target(PARAMETER)
public @interface BackendNamed {

  /**
   * The backend's name.
   *
   * @return as it was given to the cluster
   */
  String value();
}
