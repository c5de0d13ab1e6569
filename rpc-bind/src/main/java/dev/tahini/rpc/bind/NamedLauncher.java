package dev.tahini.rpc.bind;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Starts {@code named} and waits until it is ready. By one thread at a time. */
final class NamedLauncher {
  private static final int READY_SECONDS = 10;
  private static final int BETWEEN_QUESTIONS_MILLIS = 20;
  private static final int PORTS = 10;

  private final Programs programs;
  private final Configuration configuration;
  private final ServerFolder folder;
  private final NamedProcess named;

  NamedLauncher(
      Programs programs, Configuration configuration, ServerFolder folder, NamedProcess named) {
    this.programs = programs;
    this.configuration = configuration;
    this.folder = folder;
    this.named = named;
  }

  /** Starts it for the first time, on a port that is free. */
  InetSocketAddress launchAnywhere() {
    configuration
        .zones()
        .forEach(zone -> folder.write(Configuration.fileOf(zone), Configuration.emptyZone()));
    List<String> settings = knownSettings();
    for (int i = 0; i < PORTS; i++) {
      InetSocketAddress address = FreePort.find();
      folder.write(
          "named.conf", configuration.namedConf(folder.path(), address.getPort(), settings));
      if (launch(address, Deadline.ofSeconds(READY_SECONDS))) {
        return address;
      }
    }
    throw failed("no port in " + PORTS + " tries (expected: one that is free)");
  }

  /** Starts it again where it was, and waits until the port is free. */
  void launchAt(InetSocketAddress address) {
    Deadline deadline = Deadline.ofSeconds(READY_SECONDS);
    while (!launch(address, deadline)) {
      if (deadline.isPassed()) {
        throw failed(address + " is taken (expected: free within " + READY_SECONDS + " s)");
      }
    }
  }

  /** Whether it is ready; otherwise another process has its port, and it is killed. */
  private boolean launch(InetSocketAddress address, Deadline deadline) {
    Readiness readiness = new Readiness(address, configuration.token(), configuration.zones());
    named.launch();
    while (!deadline.isPassed()) {
      if (named.log().contains("address in use")) {
        named.kill();
        return false;
      }
      if (readiness.ask()) {
        return true;
      }
      if (named.endsWithin(BETWEEN_QUESTIONS_MILLIS)) {
        throw failed("ended (expected: a server)");
      }
    }
    throw failed("not ready (expected: answers within " + READY_SECONDS + " s)");
  }

  private IllegalStateException failed(String what) {
    return new IllegalStateException("named: " + what + "; its log:\n" + named.log());
  }

  private List<String> knownSettings() {
    List<String> known = new ArrayList<>();
    programs
        .checkconf()
        .ifPresent(
            checkconf -> {
              Command command = new Command(folder, READY_SECONDS);
              for (String setting : Configuration.OPTIONAL) {
                String file =
                    folder.write("setting.conf", "options { " + setting + " };\n").toString();
                if (command.run(List.of(checkconf.toString(), file), "").exit() == 0) {
                  known.add(setting);
                }
              }
            });
    return known;
  }
}
