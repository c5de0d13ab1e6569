package dev.tahini.rpc.examples;

import dev.tahini.rpc.examples.cli.Cli;
import dev.tahini.rpc.examples.demo.DemoCommand;

/**
 * Shows the load balancing at work, on servers of its own or on the user's: {@code ./demo --help}.
 */
public final class Demo {
  private Demo() {}

  /**
   * Runs the demo.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Cli.run(new DemoCommand(), args));
  }
}
