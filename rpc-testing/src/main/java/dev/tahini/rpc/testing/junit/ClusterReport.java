package dev.tahini.rpc.testing.junit;

import dev.tahini.rpc.testing.RpcTestCluster;

/** How a cluster stood when a test failed; goes with the failure as a suppressed exception. */
final class ClusterReport extends RuntimeException {
  ClusterReport(RpcTestCluster cluster) {
    super(cluster.describe(), null, false, false);
  }

  /** What it says, without the name of this class. */
  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
