/** Whether the storm shows what it says, with few clients. */
@NullMarked
package dev.tahini.rpc.benchmarks.storm;

import org.jspecify.annotations.NullMarked;
