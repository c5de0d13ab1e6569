/** What one pick costs, by JMH. */
@NullMarked
package dev.tahini.rpc.benchmarks.picks;

import org.jspecify.annotations.NullMarked;
