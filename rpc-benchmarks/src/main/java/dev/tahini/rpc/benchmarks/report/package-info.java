/** Figures, their ratios and bars, and the table that shows them. */
@NullMarked
package dev.tahini.rpc.benchmarks.report;

import org.jspecify.annotations.NullMarked;
