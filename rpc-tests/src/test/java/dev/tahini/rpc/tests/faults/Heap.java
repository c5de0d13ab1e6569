package dev.tahini.rpc.tests.faults;

import dev.tahini.rpc.tests.Await;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process's heap holds, after a collection. For programs, which have it to themselves.
 */
final class Heap {
  /** What one collection finds that cleaners have to do, the next one frees. */
  private static final int COLLECTIONS = 3;

  private Heap() {}

  /** Bytes in use. */
  static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** How many objects there are of a class. */
  static long objects(String name) {
    return Arrays.stream(histogram().split("\n"))
        .map(line -> line.trim().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[3].equals(name))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }

  /** Of live objects, as {@code jcmd GC.class_histogram} prints it. */
  private static String histogram() {
    try {
      Object histogram =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
      return String.valueOf(histogram);
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until there are no objects of a class. */
  static void awaitNone(String name) {
    Await.until(() -> objects(name) + " " + name + " to be gone", () -> objects(name) == 0);
  }
}
