package dev.tahini.rpc.core;

import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How Lincheck looks at a class of operations: it makes up scenarios of a few threads with a few
 * operations each, runs each under many interleavings, and fails with the trace of the first whose
 * results no order of the operations explains.
 */
public enum Interleavings {
  /** One by one, as if memory were sequentially consistent. */
  MODEL {
    @Override
    Options<?, ?> options() {
      return new ModelCheckingOptions()
          .iterations(5)
          .invocationsPerIteration(100)
          .threads(2)
          .actorsPerThread(3)
          .actorsBefore(0)
          .actorsAfter(1);
    }
  },

  /** Many more of them. */
  LONG_MODEL {
    @Override
    Options<?, ?> options() {
      return new ModelCheckingOptions()
          .iterations(20)
          .invocationsPerIteration(500)
          .threads(2)
          .actorsPerThread(3)
          .actorsBefore(0)
          .actorsAfter(1);
    }
  },

  /** What the machine makes of real threads, with its memory as it is. */
  STRESS {
    @Override
    Options<?, ?> options() {
      return new StressOptions()
          .iterations(10)
          .invocationsPerIteration(1_000)
          .threads(2)
          .actorsPerThread(4)
          .actorsBefore(0)
          .actorsAfter(1);
    }
  };

  abstract Options<?, ?> options();

  /** The long ones with the tests tagged "full". */
  public static List<Interleavings> those() {
    return Boolean.getBoolean("tahini.full") ? List.of(MODEL, LONG_MODEL, STRESS) : List.of(MODEL);
  }

  /** Fails with the first interleaving that is not as it should be. */
  public void check(Class<?> operations) {
    options().check(operations);
  }

  /**
   * The same, where a class that is simpler says what the results must be.
   *
   * @param expected has the same operations
   */
  public void check(Class<?> operations, Class<?> expected) {
    options().sequentialSpecification(expected).check(operations);
  }
}
