/**
 * What a pick, a change of the backends and a call cost, beside other clients: the command line.
 */
@NullMarked
package dev.tahini.rpc.benchmarks;

import org.jspecify.annotations.NullMarked;
