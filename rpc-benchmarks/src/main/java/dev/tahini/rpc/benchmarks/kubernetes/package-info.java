/** From a change of an EndpointSlice to the first call, and what a list and a change cost. */
@NullMarked
package dev.tahini.rpc.benchmarks.kubernetes;

import org.jspecify.annotations.NullMarked;
