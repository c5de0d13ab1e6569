package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for. Immutable.
 *
 * @param scenarios which to run; all unless given
 * @param calls of each run, or of the measurement of speed
 * @param backends whether to print every backend too
 * @param refresh the document to renew, or null
 */
record LabArguments(
    List<Scenario> scenarios,
    long seed,
    int calls,
    boolean help,
    boolean speed,
    boolean backends,
    @Nullable String refresh) {
  static final int CALLS_FOR_SPEED = 1_000_000;
  private static final String EXPECTED =
      "--seed N, --calls N, --backends, --refresh FILE, --help, speed, or one of ";

  /**
   * Reads the command line.
   *
   * @throws InvalidValueException naming the argument that is wrong
   */
  static LabArguments parse(String... args) {
    return new Parser(args).parse();
  }

  private static final class Parser {
    private final Deque<String> rest;
    private final List<Scenario> scenarios = new ArrayList<>();
    private long seed = Scenario.DEFAULT_SEED;
    private int calls;
    private boolean help;
    private boolean speed;
    private boolean backends;
    private @Nullable String refresh;

    Parser(String... args) {
      this.rest = new ArrayDeque<>(Arrays.asList(args));
    }

    LabArguments parse() {
      while (!rest.isEmpty()) {
        take(rest.remove());
      }
      int unlessGiven = speed ? CALLS_FOR_SPEED : Scenario.DEFAULT_CALLS;
      return new LabArguments(
          scenarios.isEmpty() ? List.of(Scenario.values()) : List.copyOf(scenarios),
          seed,
          calls == 0 ? unlessGiven : calls,
          help,
          speed,
          backends,
          refresh);
    }

    private void take(String argument) {
      switch (argument) {
        case "-h", "--help" -> help = true;
        case "speed" -> speed = true;
        case "--backends" -> backends = true;
        case "--seed" -> seed = number(argument, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--calls" -> calls = (int) number(argument, 1_000, 1_000_000_000);
        case "--refresh" -> refresh = value(argument, "a file with marks for the tables");
        default -> {
          if (argument.startsWith("-")) {
            throw new InvalidValueException("argument", argument, EXPECTED + Scenario.ids());
          }
          scenarios.add(Scenario.of(argument));
        }
      }
    }

    private String value(String option, String expected) {
      String value = rest.poll();
      if (value == null) {
        throw new InvalidValueException(option, "nothing", expected);
      }
      return value;
    }

    private long number(String option, long least, long most) {
      String expected = "a whole number from " + least + " to " + most;
      String value = value(option, expected);
      try {
        long number = Long.parseLong(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new InvalidValueException(option, value, expected);
    }
  }
}
