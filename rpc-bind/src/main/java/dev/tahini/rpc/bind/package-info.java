/** BIND 9 as a process of its own, for tests, the demo and the benchmarks. */
@NullMarked
package dev.tahini.rpc.bind;

import org.jspecify.annotations.NullMarked;
