package dev.tahini.rpc.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Medians and their intervals by the bootstrap: the pairs (or samples) are drawn again, with
 * replacement, and the middle 95 % of the medians are the interval. Source: B. Efron, R.
 * Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. The draws are the same in every
 * run.
 */
public final class Statistics {
  private static final int RESAMPLES = 4000;

  /** With fewer the interval of a median says nothing. */
  private static final int FEWEST = 6;

  private Statistics() {}

  /** The middle one; of an even number the mean of the middle two. */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** The median of what pairs give, such as their ratios. */
  static Estimate ofPairs(List<Double> left, List<Double> right, DoubleBinaryOperator operator) {
    int pairs = Math.min(left.size(), right.size());
    List<Double> values =
        IntStream.range(0, pairs)
            .mapToObj(i -> operator.applyAsDouble(left.get(i), right.get(i)))
            .toList();
    return ofOne(values);
  }

  /** The median of one series. */
  static Estimate ofOne(List<Double> values) {
    double median = median(values);
    if (values.size() < FEWEST) {
      double least = values.stream().mapToDouble(each -> each).min().orElse(median);
      double most = values.stream().mapToDouble(each -> each).max().orElse(median);
      return new Estimate(median, least, most, false);
    }
    SplittableRandom random = new SplittableRandom(1);
    return interval(
        median, IntStream.range(0, RESAMPLES).mapToDouble(i -> median(drawn(values, random))));
  }

  /** The ratio of the medians of two series that were not measured together. */
  static Estimate ofRuns(List<Double> numerator, List<Double> denominator) {
    double ratio = median(numerator) / median(denominator);
    if (Math.min(numerator.size(), denominator.size()) < FEWEST) {
      return Estimate.bare(ratio);
    }
    SplittableRandom random = new SplittableRandom(1);
    return interval(
        ratio,
        IntStream.range(0, RESAMPLES)
            .mapToDouble(
                i -> median(drawn(numerator, random)) / median(drawn(denominator, random))));
  }

  private static Estimate interval(double middle, DoubleStream resampled) {
    double[] sorted = resampled.sorted().toArray();
    int tail = (int) Math.round(sorted.length * 0.025);
    return new Estimate(middle, sorted[tail], sorted[sorted.length - 1 - tail], true);
  }

  private static List<Double> drawn(List<Double> values, SplittableRandom random) {
    List<Double> drawn = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      drawn.add(values.get(random.nextInt(values.size())));
    }
    return drawn;
  }
}
