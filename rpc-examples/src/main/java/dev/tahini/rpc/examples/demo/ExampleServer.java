package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.examples.cache.CacheService;
import dev.tahini.rpc.examples.cli.Cli;
import dev.tahini.rpc.examples.greeter.GreeterService;
import dev.tahini.rpc.examples.server.ServerCommand;
import java.util.List;

/** A server of everything that the demo calls. */
public final class ExampleServer {
  private ExampleServer() {}

  /**
   * Serves until it is ended.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        Cli.run(
            new ServerCommand(delay -> List.of(new GreeterService(delay), new CacheService(delay))),
            args));
  }
}
