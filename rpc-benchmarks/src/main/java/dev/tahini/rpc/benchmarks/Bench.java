package dev.tahini.rpc.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.shards.TableSize;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program behind {@code ./bench}. */
@Command(
    name = "bench",
    description = {
      "Measures this library beside gRPC's own policies and Armeria's client, in turns, and prints"
          + " one table in Markdown. Uses loopback only; leaves nothing running.",
      ""
    },
    footer = {
      "",
      "Exits with 0, with 1 if something failed, 2 for a wrong option.",
      "",
      "Examples, in the folder of the project:",
      "  ./bench picks --quick",
      "  ./bench calls --contenders tahini,round_robin --rounds 20",
      "  ./bench shards --contenders tahini,maglev",
      "  ./bench discovery --quick",
      "  ./bench kubernetes --quick",
      "  ./bench storm --quick",
      "  ./bench page --quick",
      "  ./bench life --out before.json; ...; ./bench life --out after.json",
      "  ./bench compare before.json after.json"
    },
    subcommands = {
      PicksCommand.class,
      LifeCommand.class,
      CallsCommand.class,
      ShardsCommand.class,
      DiscoveryCommand.class,
      KubernetesCommand.class,
      StormCommand.class,
      PageCommand.class,
      CompareCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Bench {
  private Bench() {}

  /** Runs the command and exits. */
  public static void main(String[] args) {
    System.setProperty(Policy.HEADER_FLAG, "true");
    System.setProperty("jmh.ignoreLock", "true");
    System.setProperty(TableSize.RULER_FLAG, "true");
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, UTF_8);
    System.exit(execute(out, err, args));
  }

  static int execute(PrintWriter out, PrintWriter err, String... args) {
    String[] asked = args.length == 0 || args[0].equals("--help") ? new String[] {"help"} : args;
    return new CommandLine(new Bench())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(
            (e, given) -> complain(e.getCommandLine(), explained(e), ExitCode.USAGE))
        .setExecutionExceptionHandler(
            (e, command, parsed) ->
                e instanceof InvalidValueException
                    ? complain(command, String.valueOf(e.getMessage()), ExitCode.USAGE)
                    : complain(command, e.toString(), ExitCode.SOFTWARE))
        .execute(asked);
  }

  private static String explained(ParameterException e) {
    Set<String> commands = e.getCommandLine().getSubcommands().keySet();
    if (e instanceof UnmatchedArgumentException unmatched && !commands.isEmpty()) {
      String wrong = unmatched.getUnmatched().get(0);
      String choices = String.join(", ", commands);
      return String.valueOf(new InvalidValueException("command", wrong, choices).getMessage());
    }
    return String.valueOf(e.getMessage());
  }

  private static int complain(CommandLine command, String message, int exitCode) {
    command.getErr().println("bench: " + message.lines().findFirst().orElse(message));
    return exitCode;
  }
}
