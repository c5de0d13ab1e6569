/** The sharded cache: each key lives on one server, its owner in the shard map. */
@NullMarked
package dev.tahini.rpc.examples.cache;

import org.jspecify.annotations.NullMarked;
