@NullMarked
package dev.tahini.rpc.core.shard;

import org.jspecify.annotations.NullMarked;
