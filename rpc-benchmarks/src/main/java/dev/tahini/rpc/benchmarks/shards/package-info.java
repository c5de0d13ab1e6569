/** How well the known ways to shard keys do the same work, and what each costs. */
@NullMarked
package dev.tahini.rpc.benchmarks.shards;

import org.jspecify.annotations.NullMarked;
