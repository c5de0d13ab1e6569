/** Whether the benchmark measures what it says; no test measures time. */
@NullMarked
package dev.tahini.rpc.benchmarks.page;

import org.jspecify.annotations.NullMarked;
