package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;

/**
 * What a model server is like: a number of calls in service at once, the others in a queue of
 * limited length, first come first served. Immutable; start from {@link #of} and change what
 * matters.
 *
 * @param name its name and its address, such as {@code "b07"}
 * @param zone where it runs; empty if that does not matter
 * @param concurrency how many calls it serves at once; 8 unless changed
 * @param queueLimit how many more may wait; the next fails at once with {@code RESOURCE_EXHAUSTED};
 *     128 unless changed
 * @param serviceTime how long it works on a call; exponential of mean 10 ms unless changed
 * @param slowdown how many times longer than that it takes; 1 unless changed
 * @param coldStart how it begins, also when it is restored after a crash; warm unless changed
 */
public record ServerSpec(
    String name,
    String zone,
    int concurrency,
    int queueLimit,
    ServiceTime serviceTime,
    double slowdown,
    ColdStart coldStart) {
  private static final ServiceTime TEN_MILLIS = ServiceTime.exponential(Duration.ofMillis(10));

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException if the name is empty or has white space, or a number is outside
   *     its range
   */
  public ServerSpec {
    Checks.named("name", requireNonNull(name, "name"));
    requireNonNull(zone, "zone");
    Checks.atLeast("concurrency", concurrency, 1);
    Checks.atLeast("queueLimit", queueLimit, 0);
    requireNonNull(serviceTime, "serviceTime");
    Checks.positive("slowdown", slowdown);
    requireNonNull(coldStart, "coldStart");
  }

  /**
   * A server as it is unless changed.
   *
   * @param name its name and address
   * @return the server
   * @throws InvalidValueException if the name is empty or has white space
   */
  public static ServerSpec of(String name) {
    return new ServerSpec(name, "", 8, 128, TEN_MILLIS, 1, ColdStart.NONE);
  }

  /**
   * The same in a zone.
   *
   * @param zone where it runs
   * @return the changed copy
   */
  public ServerSpec withZone(String zone) {
    return new ServerSpec(name, zone, concurrency, queueLimit, serviceTime, slowdown, coldStart);
  }

  /**
   * The same with another number of calls in service at once.
   *
   * @param concurrency at least 1
   * @return the changed copy
   */
  public ServerSpec withConcurrency(int concurrency) {
    return new ServerSpec(name, zone, concurrency, queueLimit, serviceTime, slowdown, coldStart);
  }

  /**
   * The same with another length of its queue.
   *
   * @param queueLimit at least 0
   * @return the changed copy
   */
  public ServerSpec withQueueLimit(int queueLimit) {
    return new ServerSpec(name, zone, concurrency, queueLimit, serviceTime, slowdown, coldStart);
  }

  /**
   * The same with another service time.
   *
   * @param serviceTime how long it works on a call
   * @return the changed copy
   */
  public ServerSpec withServiceTime(ServiceTime serviceTime) {
    return new ServerSpec(name, zone, concurrency, queueLimit, serviceTime, slowdown, coldStart);
  }

  /**
   * The same, slower or faster.
   *
   * @param slowdown what its service times are multiplied by; above 0
   * @return the changed copy
   */
  public ServerSpec withSlowdown(double slowdown) {
    return new ServerSpec(name, zone, concurrency, queueLimit, serviceTime, slowdown, coldStart);
  }

  /**
   * The same with a cold start.
   *
   * @param factor how much slower it is at its start; at least 1
   * @param period until it is warm
   * @return the changed copy
   */
  public ServerSpec withColdStart(double factor, Duration period) {
    return new ServerSpec(
        name, zone, concurrency, queueLimit, serviceTime, slowdown, new ColdStart(factor, period));
  }

  /** Calls per second that it can serve at its nominal speed, warm and not slowed down. */
  double capacityPerSecond() {
    return concurrency * 1e9 / serviceTime.meanNanos();
  }
}
