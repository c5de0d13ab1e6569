package dev.tahini.rpc.examples.demo;

import java.io.Console;

/** Chooses how the demo is shown on standard output. */
final class Displays {
  private Displays() {}

  static Display choose(boolean plain) {
    return !plain && isTerminal() ? new LiveDisplay(System.out) : new PlainDisplay(System.out);
  }

  @SuppressWarnings("SystemConsoleNull") // null up to JDK 21; asked isTerminal() from 22 on
  private static boolean isTerminal() {
    Console console = System.console();
    boolean canMoveItsCursor = !System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
    return console != null && canMoveItsCursor && isTerminal(console);
  }

  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException beforeJdk22) {
      return true;
    }
  }
}
