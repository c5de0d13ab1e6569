/** The command line. */
@NullMarked
package dev.tahini.rpc.benchmarks;

import org.jspecify.annotations.NullMarked;
