package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import org.openjdk.jol.info.GraphLayout;

/** How much memory tables keep, by JOL. */
public final class TableSize {
  /** Lets JOL see into records and lambdas, which newer JVMs hide from it. */
  public static final String RULER_FLAG = "jol.magicFieldOffset";

  private static final double BYTES_OF_MEGABYTE = 1e6;

  private TableSize() {}

  /**
   * What is reachable from a table and not from the list of its endpoints.
   *
   * @param endpoints the list that the table was built from
   * @return in megabytes, 10^6 bytes
   */
  static double megabytes(Object table, List<Endpoint> endpoints) {
    long both = GraphLayout.parseInstance(table, endpoints).totalSize();
    long list = GraphLayout.parseInstance(endpoints).totalSize();
    return (both - list) / BYTES_OF_MEGABYTE;
  }
}
