package dev.tahini.rpc.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a figure is to be, in itself or beside another of the same run.
 *
 * @param scenario where
 * @param contender whose figure
 * @param metric which
 * @param rule how it is compared
 * @param limit with what
 * @param reference the figure beside which it is put; null where it stands alone
 */
public record Bar(
    String scenario,
    String contender,
    String metric,
    Rule rule,
    double limit,
    @Nullable Reference reference) {

  /**
   * A figure of the same metric.
   *
   * @param scenario where
   * @param contender whose
   */
  public record Reference(String scenario, String contender) {}

  /** How a figure is compared. */
  public enum Rule {
    /** The median itself. */
    AT_MOST("<= %s", (subject, reference) -> subject, false),
    /** The median of the pairs' ratios. */
    AT_MOST_TIMES("<= %s of", (subject, reference) -> subject / reference, false),
    /** The median of the pairs' ratios. */
    AT_LEAST_TIMES(">= %s of", (subject, reference) -> subject / reference, true),
    /** The median of the pairs' differences. */
    AT_MOST_MORE("<= %s more than", (subject, reference) -> subject - reference, false);

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // pure functions
    private final DoubleBinaryOperator operator;

    private final boolean moreIsBetter;

    Rule(String words, DoubleBinaryOperator operator, boolean moreIsBetter) {
      this.words = words;
      this.operator = operator;
      this.moreIsBetter = moreIsBetter;
    }
  }

  /** A bar of a figure alone. */
  public static Bar atMost(String scenario, String contender, String metric, double limit) {
    return new Bar(scenario, contender, metric, Rule.AT_MOST, limit, null);
  }

  /** A bar beside another contender in the same scenario. */
  public static Bar beside(
      String scenario, String contender, String metric, Rule rule, double limit, String reference) {
    return new Bar(scenario, contender, metric, rule, limit, new Reference(scenario, reference));
  }

  /** Whether it was held; empty if its figures are not all there. */
  public Optional<Finding> judge(List<Figure> figures) {
    Optional<Figure> subject = find(figures, scenario, contender);
    Reference other = reference;
    Optional<Figure> beside =
        other == null ? subject : find(figures, other.scenario(), other.contender());
    if (subject.isEmpty() || beside.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        finding(
            Statistics.ofPairs(subject.get().samples(), beside.get().samples(), rule.operator)));
  }

  private Optional<Figure> find(List<Figure> figures, String where, String whose) {
    return figures.stream().filter(figure -> figure.is(where, whose, metric)).findFirst();
  }

  private Finding finding(Estimate estimate) {
    double worst = rule.moreIsBetter ? estimate.low() : estimate.high();
    double best = rule.moreIsBetter ? estimate.high() : estimate.low();
    Verdict verdict =
        holds(worst) ? Verdict.HOLDS : holds(best) ? Verdict.WITHIN_NOISE : Verdict.MISSED;
    String asked = metric + " " + String.format(Locale.ROOT, rule.words, limitText()) + beside();
    return new Finding(verdict, estimate.middle(), asked + ": " + estimate.text());
  }

  private boolean holds(double value) {
    return rule.moreIsBetter ? value >= limit : value <= limit;
  }

  private String limitText() {
    return limit == Math.rint(limit)
        ? String.format(Locale.ROOT, "%.0f", limit)
        : String.valueOf(limit);
  }

  private String beside() {
    Reference other = reference;
    if (other == null) {
      return "";
    }
    return " "
        + other.contender()
        + (other.scenario().equals(scenario) ? "" : " at \"" + other.scenario() + "\"");
  }

  /** How it stands. */
  public enum Verdict {
    /** The whole interval is on the right side; of few pairs, each of them. */
    HOLDS,
    /** The limit is inside the interval: more pairs, or a quieter machine, would tell. */
    WITHIN_NOISE,
    /** The whole interval is on the wrong side; of few pairs, each of them. */
    MISSED;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * What was found.
   *
   * @param value what was compared with the limit
   * @param text what was asked, and what was measured
   */
  public record Finding(Verdict verdict, double value, String text) {
    String words() {
      return text + " " + verdict.word();
    }
  }
}
