package dev.tahini.rpc.examples.cache;

import dev.tahini.rpc.examples.cli.Cli;
import dev.tahini.rpc.examples.server.ServerCommand;
import java.util.List;

/** A server of the cache: {@code --port 50061}. */
public final class CacheServer {
  private CacheServer() {}

  /**
   * Serves until it is ended.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Cli.run(new ServerCommand(delay -> List.of(new CacheService(delay))), args));
  }
}
