package dev.tahini.rpc.bind;

import java.nio.file.Path;
import java.util.List;

/** A process of {@code named} as the system shows it, and the folder of its configuration. */
record StartedServer(long pid, Path folder) {

  /** The only one of this JVM. */
  static StartedServer ofThisJvm() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/named"))
        .map(StartedServer::of)
        .reduce(
            (one, other) -> {
              throw new AssertionError("two servers: " + one + ", " + other);
            })
        .orElseThrow();
  }

  private static StartedServer of(ProcessHandle named) {
    List<String> arguments = List.of(named.info().arguments().orElseThrow());
    Path configuration = Path.of(arguments.get(arguments.indexOf("-c") + 1));
    return new StartedServer(named.pid(), configuration.resolveSibling(".").normalize());
  }

  boolean isRunning() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
