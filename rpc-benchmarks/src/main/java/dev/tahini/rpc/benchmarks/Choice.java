package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.InvalidValueException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what the command line chooses from. */
final class Choice {
  private Choice() {}

  /**
   * Some of the contenders.
   *
   * @param asked their names; null for all
   * @throws InvalidValueException naming the one that is none of them
   */
  static <E extends Enum<E>> Set<E> of(
      Class<E> type, Function<E, String> label, @Nullable List<String> asked) {
    if (asked == null) {
      return EnumSet.allOf(type);
    }
    List<E> all = Arrays.asList(type.getEnumConstants());
    return EnumSet.copyOf(of("contender", all, label, asked));
  }

  /**
   * Some of those that there are.
   *
   * @param what they are, for the error
   * @param asked their names
   * @throws InvalidValueException naming the one that is none of them
   */
  static <T> List<T> of(String what, List<T> all, Function<T, String> label, List<String> asked) {
    return asked.stream().map(name -> one(what, all, label, name)).toList();
  }

  private static <T> T one(String what, List<T> all, Function<T, String> label, String name) {
    return all.stream()
        .filter(each -> label.apply(each).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    what, name, "one of " + String.join(", ", all.stream().map(label).toList())));
  }

  /**
   * How often each has its turn.
   *
   * @param asked as it was typed; null for the usual
   * @throws InvalidValueException if it is no number from 1 to 1000
   */
  static int rounds(@Nullable String asked, int usual) {
    if (asked == null) {
      return usual;
    }
    if (!asked.matches("[1-9][0-9]{0,2}|1000")) {
      throw new InvalidValueException("--rounds", asked, "1 to 1000");
    }
    return Integer.parseInt(asked);
  }
}
