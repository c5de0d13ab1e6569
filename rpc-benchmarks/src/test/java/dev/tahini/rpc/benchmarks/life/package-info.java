/** Whether the benchmarks measure what they say; no test measures time. */
@NullMarked
package dev.tahini.rpc.benchmarks.life;

import org.jspecify.annotations.NullMarked;
