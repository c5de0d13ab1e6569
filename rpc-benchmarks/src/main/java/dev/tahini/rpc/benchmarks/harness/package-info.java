/** gRPC's side of a load-balancing policy without a network: one for every policy. */
@NullMarked
package dev.tahini.rpc.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
