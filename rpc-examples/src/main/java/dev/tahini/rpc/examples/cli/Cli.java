package dev.tahini.rpc.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Runs a command as a program: with {@code --help}, the log in place, and errors of one line each.
 * A mistake of the user ends with 2, a failure with 1.
 */
public final class Cli {
  private Cli() {}

  /**
   * Parses the arguments and runs the command.
   *
   * @param command annotated for picocli
   * @param args of the program
   * @return the exit code
   */
  public static int run(Callable<Integer> command, String... args) {
    LogBridge.install();
    OneLineErrors errors = new OneLineErrors();
    errors.endWithTheProgram();
    CommandLine commandLine = new CommandLine(command);
    commandLine
        .getCommandSpec()
        .addOption(OptionSpec.builder("--help").usageHelp(true).description("Say this.").build());
    return commandLine
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .setUsageHelpWidth(100)
        .execute(args);
  }
}
