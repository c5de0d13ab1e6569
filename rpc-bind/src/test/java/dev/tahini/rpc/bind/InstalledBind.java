package dev.tahini.rpc.bind;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** Skips a test where BIND is not installed, or fails it if {@code CI=true}. */
final class InstalledBind {
  private InstalledBind() {}

  static void require() {
    BindServer.missing()
        .ifPresent(
            missing -> {
              if ("true".equals(System.getenv("CI"))) {
                fail(missing);
              }
              abort(missing);
            });
  }
}
