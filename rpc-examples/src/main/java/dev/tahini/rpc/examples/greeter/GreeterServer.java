package dev.tahini.rpc.examples.greeter;

import dev.tahini.rpc.examples.cli.Cli;
import dev.tahini.rpc.examples.server.ServerCommand;
import java.util.List;

/** A server of the greeter: {@code --port 50051}. */
public final class GreeterServer {
  private GreeterServer() {}

  /**
   * Serves until it is ended.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Cli.run(new ServerCommand(delay -> List.of(new GreeterService(delay))), args));
  }
}
