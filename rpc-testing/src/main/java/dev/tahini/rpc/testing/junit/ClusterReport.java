package dev.tahini.rpc.testing.junit;

import dev.tahini.rpc.testing.RpcTestCluster;

/** How a cluster stood when a test failed; goes with the failure as a suppressed exception. */
final class ClusterReport extends RuntimeException {
  ClusterReport(RpcTestCluster cluster) {
    super(cluster.describe(), null, false, false);
  }
}
