/**
 * The shard maps: which backend owns which key.
 *
 * <p>Starting point: {@link dev.tahini.rpc.core.shard.ShardMaps}.
 */
@NullMarked
package dev.tahini.rpc.core.shard;

import org.jspecify.annotations.NullMarked;
