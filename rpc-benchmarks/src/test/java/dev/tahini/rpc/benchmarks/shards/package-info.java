/** Whether the benchmarks measure what they say; no test measures time. */
@NullMarked
package dev.tahini.rpc.benchmarks.shards;

import org.jspecify.annotations.NullMarked;
