package dev.tahini.rpc.examples.demo;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the demo. */
@Command(
    name = "demo",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = {
      "Usage: ./demo [--discovery=WHICH] [--debug-port=PORT] [--plain]",
      "       ./demo --target=TARGET [--duration=SECONDS] [--debug-port=PORT] [--plain]"
    },
    description = {
      "",
      "Shows load-balanced calls over real sockets: starts 4 servers in processes of their own, calls"
          + " them by least load, by key, at random and by address, makes one slow, kills one, adds"
          + " one, and says what became of calls and keys. Takes less than 30 s; leaves nothing"
          + " running.",
      "",
      "With --discovery=dns the list of the servers is in a DNS zone, on a BIND 9 that the demo starts;"
          + " clients see a change when its TTL of 1 s has passed.",
      "",
      "With --target it calls greeter servers of yours instead: a fixed list, a name in DNS, or in"
          + " a pod a service of Kubernetes.",
      ""
    },
    footer = {
      "",
      "Exits with 0 if all went as it should, 1 if something was lost, 2 for a wrong option.",
      "",
      "Examples, in the folder of the project:",
      "  ./demo",
      "  ./demo --plain > demo.txt",
      "  ./demo --discovery dns",
      "  J='java -cp rpc-examples/target/rpc-examples.jar dev.tahini.rpc.examples.greeter'",
      "  $J.GreeterServer --port 50051 &",
      "  $J.GreeterServer --port 50052 --delay-ms 20 &",
      "  ./demo --target static:///127.0.0.1:50051,127.0.0.1:50052 --duration 5"
    })
public final class DemoCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @ArgGroup private Servers servers = new Servers();

  @Option(
      names = "--plain",
      description = "Plain lines, as where the output is no terminal; no table redrawn in place.")
  private boolean plain;

  @Option(
      names = "--debug-port",
      paramLabel = "PORT",
      description =
          "Serve /debug/backends of the demo's clients on this port of 127.0.0.1; 0 for any.")
  private @Nullable Integer debugPort;

  /** Whom to call: the demo's servers, or the user's. */
  private static final class Servers {
    @Option(
        names = "--discovery",
        paramLabel = "WHICH",
        converter = ListPlaceConverter.class,
        description = "Where the list of servers is: demo, in the program, if not said; dns.")
    private ListPlace place = ListPlace.DEMO;

    @ArgGroup(exclusive = false)
    private @Nullable OwnServers own;
  }

  /** Whom to call instead, and for how long. */
  private static final class OwnServers {
    @Option(
        names = "--target",
        required = true,
        paramLabel = "TARGET",
        converter = TargetConverter.class,
        description =
            "Servers of tahini.examples.greeter.v1.Greeter without TLS: static:///host:port,...,"
                + " dns:///host:port or k8s:///service.namespace:port.")
    private @Nullable Target target;

    @Option(
        names = "--duration",
        paramLabel = "SECONDS",
        converter = SecondsConverter.class,
        description = "How long to call them: 1 to 3600; 10 if not said.")
    private Duration duration = Duration.ofSeconds(10);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    OwnServers own = servers.own;
    DemoPage page = page();
    List<String> losses;
    try (Display display = Displays.choose(plain)) {
      Runtime.getRuntime().addShutdownHook(new Thread(display::close, "close-display"));
      losses =
          own == null
              ? DemoRun.play(servers.place, page, display)
              : TargetRun.play(requireNonNull(own.target), own.duration, page, display);
    }
    if (own == null) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.println("All servers have ended. It took " + Words.seconds(took) + ".");
    }
    losses.forEach(loss -> System.err.println("demo: " + loss));
    return losses.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private DemoPage page() {
    try {
      return new DemoPage(debugPort);
    } catch (InvalidValueException e) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--debug-" + e.getMessage(), e);
    }
  }
}
