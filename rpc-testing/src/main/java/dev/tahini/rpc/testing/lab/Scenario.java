package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The experiments that ship: the reference for work on the balancing. Each is run once for each way
 * to pick, with the same arrivals: who calls when, and how hard each call is, does not depend on
 * the pick.
 *
 * <p>Unless it says otherwise: ten backends of four slots and exponential service of mean 10 ms,
 * which is 4000 calls per second in all; a queue of 128 each; five clients; 60 % of the fleet's
 * capacity.
 */
public enum Scenario {
  /** All backends alike. */
  EVEN_FLEET(
      "Even fleet",
      "Ten backends, all alike. The shards' calls carry one of 1000 keys, evenly or by Zipf's law; the"
          + " last two spread Zipf's over the least loaded of each key's first 3 owners, or within a"
          + " bound of 1.25."),

  /** One backend 25 times slower. */
  ONE_SLOW("One backend 25 times slower", "Backend b00 takes 25 times longer for each call."),

  /** One backend fails every call at once. */
  BLACK_HOLE("Black hole", "Backend b00 answers each call at once, with UNAVAILABLE."),

  /** One of ten starts cold. */
  COLD_START(
      "Cold start of one in ten",
      "Nine backends serve the load of ten when b09 is listed: at first 10 times slower, which falls"
          + " in a straight line to normal over 10 s. Phases: those 10 s, and the time after."),

  /** One backend crashes and comes back. */
  CRASH_AND_RETURN(
      "Crash and return", "Backend b00 crashes after a fifth of the time and is back half way."),

  /** 200 clients on 50 servers at 85 % load. */
  MANY_CLIENTS(
      "200 clients on 50 servers at 85 % load",
      "Each client sees its own calls only: one or two in flight, on 50 backends."),

  /** Two zones, of which one loses half its backends. */
  ZONE_HALVED(
      "Two zones, one losing half its backends",
      "Ten backends and five clients in each of two zones; half way, five backends of zone b crash"
          + " for good, which leaves the others at 80 %. No pick knows of zones.");

  /** Calls of each run unless said otherwise: enough for a p99.9. */
  public static final int DEFAULT_CALLS = 60_000;

  /** What all chance comes from unless said otherwise. */
  public static final long DEFAULT_SEED = 42;

  private final String title;
  private final String description;

  Scenario(String title, String description) {
    this.title = title;
    this.description = description;
  }

  /**
   * The name by which it is asked for.
   *
   * @return such as {@code "black-hole"}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The scenario of a name.
   *
   * @param id such as {@code "black-hole"}
   * @return the scenario
   * @throws InvalidValueException if there is none
   */
  public static Scenario of(String id) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new InvalidValueException("scenario", id, "one of " + ids()));
  }

  static String ids() {
    return String.join(", ", Arrays.stream(values()).map(Scenario::id).toList());
  }

  /**
   * What it is called in a document.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * What happens in it.
   *
   * @return a sentence or two
   */
  public String description() {
    return description;
  }

  /**
   * Runs it once for each way to pick, on as many threads as there are processors.
   *
   * @param seed what all chance comes from
   * @param calls about how many are measured in each run, at least 1000: the runs are as long as
   *     those take to arrive
   * @return what was found
   * @throws InvalidValueException if there are fewer calls
   */
  public ScenarioReport run(long seed, int calls) {
    Checks.atLeast("calls", calls, 1_000);
    ScenarioSetup setup = ScenarioSetup.of(this);
    List<Contender> contenders = setup.contenders();
    List<Report> reports =
        contenders.parallelStream().map(contender -> setup.run(contender, seed, calls)).toList();
    Map<String, Report> found = new LinkedHashMap<>();
    for (int i = 0; i < contenders.size(); i++) {
      found.put(contenders.get(i).name(), reports.get(i));
    }
    return new ScenarioReport(this, found);
  }
}
