/** Servers whose addresses come and go, the calls to them meanwhile, and how to wait for either. */
@NullMarked
package dev.tahini.rpc.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
