/** How soon calls land on a backend that DNS has just been told of. */
@NullMarked
package dev.tahini.rpc.benchmarks.discovery;

import org.jspecify.annotations.NullMarked;
