package dev.tahini.rpc.benchmarks.calls;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process used: CPU time of all its threads, those of the JVM included, and the bytes
 * that its live Java threads allocated. A thread that ends between two readings is not counted; in
 * a closed loop none does.
 */
public record Usage(long calls, long nanos, long cpuNanos, long bytes) {

  /** From the beginning until now. */
  static Usage until(long calls) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = 0;
    for (long each : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      bytes += Math.max(each, 0);
    }
    return new Usage(calls, System.nanoTime(), system.getProcessCpuTime(), bytes);
  }

  Usage minus(Usage before) {
    return new Usage(
        calls - before.calls,
        nanos - before.nanos,
        cpuNanos - before.cpuNanos,
        bytes - before.bytes);
  }

  /** Calls a second. */
  public double callsPerSecond() {
    return calls * 1e9 / nanos;
  }

  /** CPU time of a call. */
  public double cpuMicrosPerCall() {
    return cpuNanos / 1e3 / calls;
  }

  /** What a call allocates. */
  public double bytesPerCall() {
    return (double) bytes / calls;
  }

  String line() {
    return calls + " " + nanos + " " + cpuNanos + " " + bytes;
  }

  static Usage parse(String line) {
    String[] parts = line.split(" ", -1);
    return new Usage(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]));
  }
}
