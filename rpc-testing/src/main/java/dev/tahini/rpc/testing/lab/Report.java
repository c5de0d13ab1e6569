package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a simulation found. Counts the calls that arrived while it measured, up to their ends.
 * Immutable.
 *
 * @param total everything that was measured
 * @param phases the same by phase, in order; one if no phases were asked for
 * @param backends every backend that there was, in order
 */
public record Report(Phase total, List<Phase> phases, List<BackendReport> backends) {

  /** The length of the slots of {@link BackendReport#attemptsBySlot}. */
  public static final Duration SLOT = Duration.ofMillis(100);

  /** Copies the lists. */
  public Report {
    phases = List.copyOf(phases);
    backends = List.copyOf(backends);
  }

  /**
   * The calls of a part of the time.
   *
   * @param name the phase's
   * @param length how long it was
   * @param calls how many arrived in it
   * @param failed how many of them failed, by code
   * @param unfinished how many of them never ended, though the simulation went on for a while
   * @param buffered how often a call found no backend ready and had to wait
   * @param attempts how many were sent to a backend in this time
   * @param zoneCrossings how many of those went to another zone than their client's
   * @param attemptsByBackend where they went
   * @param latencies of the calls that succeeded, as the caller saw them
   */
  public record Phase(
      String name,
      Duration length,
      long calls,
      Map<Status.Code, Long> failed,
      long unfinished,
      long buffered,
      long attempts,
      long zoneCrossings,
      Map<String, Long> attemptsByBackend,
      Latencies latencies) {

    /** Copies the maps. */
    public Phase {
      failed = Ordered.copyOf(failed);
      attemptsByBackend = Ordered.copyOf(attemptsByBackend);
    }

    /**
     * How many calls failed, whatever the code.
     *
     * @return the sum over all codes
     */
    public long failures() {
      return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The part of the calls that failed.
     *
     * @return 0 to 1
     */
    public double failedShare() {
      return calls == 0 ? 0 : (double) failures() / calls;
    }

    /**
     * The part of the attempts that went to some backends.
     *
     * @param backend whether a name is one of theirs
     * @return 0 to 1
     */
    public double shareOf(Predicate<String> backend) {
      long sum =
          attemptsByBackend.entrySet().stream()
              .filter(entry -> backend.test(entry.getKey()))
              .mapToLong(Map.Entry::getValue)
              .sum();
      return attempts == 0 ? 0 : (double) sum / attempts;
    }
  }

  /**
   * One backend.
   *
   * @param name its name
   * @param zone where it runs
   * @param attempts how many were sent to it
   * @param share of all attempts
   * @param failed how many attempts on it failed
   * @param peakInFlight the most that it had in service and in its queue
   * @param utilization the part of its slots' time that was spent serving, of all the time that was
   *     measured
   * @param latencies of the attempts that succeeded on it, as the client saw them
   * @param attemptsBySlot how many were sent to it in each {@link #SLOT}
   */
  public record BackendReport(
      String name,
      String zone,
      long attempts,
      double share,
      long failed,
      int peakInFlight,
      double utilization,
      Latencies latencies,
      List<Integer> attemptsBySlot) {

    /** Copies the list. */
    public BackendReport {
      attemptsBySlot = List.copyOf(attemptsBySlot);
    }
  }

  /**
   * One backend's part.
   *
   * @param name its name
   * @return what was found of it
   * @throws InvalidValueException if there was none of that name
   */
  public BackendReport backend(String name) {
    return backends.stream()
        .filter(backend -> backend.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    "backend", name, "one of " + backends.stream().map(b -> b.name()).toList()));
  }

  /**
   * One phase's part.
   *
   * @param name its name
   * @return what was found in it
   * @throws InvalidValueException if there was none of that name
   */
  public Phase phase(String name) {
    return phases.stream()
        .filter(phase -> phase.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    "phase", name, "one of " + phases.stream().map(p -> p.name()).toList()));
  }

  /**
   * The highest of the backends' peaks.
   *
   * @return calls in flight on one backend, in service and in its queue
   */
  public int peakInFlight() {
    return backends.stream().mapToInt(BackendReport::peakInFlight).max().orElse(0);
  }

  /** The calls and the backends as two tables in Markdown. */
  @Override
  public String toString() {
    return ReportTables.of(this);
  }
}
