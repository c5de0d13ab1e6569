package dev.tahini.rpc.examples.cli;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line of stderr; the stack trace goes to the log, below its level. */
final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(OneLineErrors.class);

  private volatile boolean ending;

  /** Once the user has ended the program, what breaks in it is no news. */
  void endWithTheProgram() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true, "end-errors"));
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    print(e.getCommandLine(), e.getMessage() + " (see --help)");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine commandLine, @Nullable ParseResult parsed) {
    log.debug("Failed", e);
    if (ending) {
      return ExitCode.SOFTWARE;
    }
    Optional<InvalidValueException> mistake = find(InvalidValueException.class, e);
    Optional<StatusRuntimeException> failedCall = find(StatusRuntimeException.class, e);
    print(
        commandLine,
        mistake
            .map(Throwable::getMessage)
            .or(() -> failedCall.map(Throwable::getMessage))
            .orElseGet(e::toString));
    return mistake.isPresent() ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  /** The first of a type in the chain of causes: Guice and futures wrap what they were thrown. */
  private static <T extends Throwable> Optional<T> find(Class<T> type, Throwable thrown) {
    List<Throwable> chain = Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).toList();
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static void print(CommandLine commandLine, @Nullable String message) {
    PrintWriter err = commandLine.getErr();
    String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    err.println(commandLine.getCommandName() + ": " + line);
    err.flush();
  }
}
