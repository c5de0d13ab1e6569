package dev.tahini.rpc.benchmarks.report;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What surrounds a run.
 *
 * @param processors that the JVM may use
 * @param loadBefore the system's load average over a minute when it began; below 0 where unknown
 * @param loadAfter the same at its end, this run's own load included
 */
public record Conditions(
    String began, String java, String system, int processors, double loadBefore, double loadAfter) {

  /** Those of now, for a run that begins. */
  public static Conditions now() {
    double load = load();
    return new Conditions(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        load,
        load);
  }

  /** The same for a run that has ended. */
  public Conditions atEnd() {
    return new Conditions(began, java, system, processors, loadBefore, load());
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** In one line. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s, %s, %s, %d processors, load average %.1f before and %.1f after",
        began,
        java,
        system,
        processors,
        loadBefore,
        loadAfter);
  }
}
