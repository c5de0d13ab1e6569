package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;

/**
 * How long a server works on a call: a distribution, given by its inverse. A call brings one
 * uniform number with it and is as hard on every server and under every pick. Immutable.
 */
public sealed interface ServiceTime {

  /**
   * The time that this part of all calls takes at most.
   *
   * @param quantile at least 0, below 1
   * @return nanoseconds
   */
  double nanosAt(double quantile);

  /**
   * The mean of the distribution.
   *
   * @return nanoseconds
   */
  double meanNanos();

  /**
   * Every call takes the same time.
   *
   * @param time more than zero
   * @return the distribution
   * @throws InvalidValueException if the time is not positive
   */
  static ServiceTime constant(Duration time) {
    return new Constant(time);
  }

  /**
   * Exponential: memoryless, as in the queues of the textbooks; not truncated.
   *
   * @param mean more than zero
   * @return the distribution
   * @throws InvalidValueException if the mean is not positive
   */
  static ServiceTime exponential(Duration mean) {
    return new Exponential(mean);
  }

  /**
   * Most calls take one time and a few another, such as cache hits and misses.
   *
   * @param usual what most take; more than zero
   * @param rare what the others take; more than zero
   * @param rareShare the part of the others, from 0 to 1
   * @return the distribution
   * @throws InvalidValueException if a value is outside its range
   */
  static ServiceTime bimodal(Duration usual, Duration rare, double rareShare) {
    return new Bimodal(usual, rare, rareShare);
  }

  /**
   * A heavy tail: a Pareto distribution that is truncated at its longest time.
   *
   * @param least the shortest time, which is also the most frequent; more than zero
   * @param shape the tail's index: 1.1 is very heavy, 3 is mild; more than zero
   * @param longest where the distribution is cut off; more than {@code least}
   * @return the distribution
   * @throws InvalidValueException if a value is outside its range
   */
  static ServiceTime pareto(Duration least, double shape, Duration longest) {
    return new Pareto(least, shape, longest);
  }

  /**
   * {@link ServiceTime#constant}.
   *
   * @param time of every call
   */
  record Constant(Duration time) implements ServiceTime {

    /** Checks the time. */
    public Constant {
      Checks.positive("time", requireNonNull(time, "time"));
    }

    @Override
    public double nanosAt(double quantile) {
      return time.toNanos();
    }

    @Override
    public double meanNanos() {
      return time.toNanos();
    }
  }

  /**
   * {@link ServiceTime#exponential}.
   *
   * @param mean of all calls
   */
  record Exponential(Duration mean) implements ServiceTime {

    /** Checks the mean. */
    public Exponential {
      Checks.positive("mean", requireNonNull(mean, "mean"));
    }

    @Override
    public double nanosAt(double quantile) {
      return -StrictMath.log1p(-quantile) * mean.toNanos();
    }

    @Override
    public double meanNanos() {
      return mean.toNanos();
    }
  }

  /**
   * {@link ServiceTime#bimodal}.
   *
   * @param usual what most calls take
   * @param rare what the others take
   * @param rareShare the part of the others
   */
  record Bimodal(Duration usual, Duration rare, double rareShare) implements ServiceTime {

    /** Checks the parts. */
    public Bimodal {
      Checks.positive("usual", requireNonNull(usual, "usual"));
      Checks.positive("rare", requireNonNull(rare, "rare"));
      if (!(rareShare >= 0 && rareShare <= 1)) {
        throw new InvalidValueException("rareShare", rareShare, "0 to 1");
      }
    }

    @Override
    public double nanosAt(double quantile) {
      return (quantile < 1 - rareShare ? usual : rare).toNanos();
    }

    @Override
    public double meanNanos() {
      return (1 - rareShare) * usual.toNanos() + rareShare * rare.toNanos();
    }
  }

  /**
   * {@link ServiceTime#pareto}.
   *
   * @param least the shortest time
   * @param shape the tail's index
   * @param longest where it is cut off
   */
  record Pareto(Duration least, double shape, Duration longest) implements ServiceTime {

    /** Checks the parts. */
    public Pareto {
      Checks.positive("least", requireNonNull(least, "least"));
      Checks.positive("shape", shape);
      if (requireNonNull(longest, "longest").compareTo(least) <= 0) {
        throw new InvalidValueException("longest", longest, "more than least, " + least);
      }
    }

    @Override
    public double nanosAt(double quantile) {
      double kept = 1 - quantile * (1 - StrictMath.pow(ratio(), shape));
      return least.toNanos() * StrictMath.pow(kept, -1 / shape);
    }

    @Override
    public double meanNanos() {
      double ratio = ratio();
      double untruncated =
          shape == 1
              ? -StrictMath.log(ratio)
              : shape / (shape - 1) * (1 - StrictMath.pow(ratio, shape - 1));
      return least.toNanos() * untruncated / (1 - StrictMath.pow(ratio, shape));
    }

    private double ratio() {
      return (double) least.toNanos() / longest.toNanos();
    }
  }
}
