/** The sharded cache: each key lives on one server, its owner on the hash ring. */
@NullMarked
package dev.tahini.rpc.examples.cache;

import org.jspecify.annotations.NullMarked;
