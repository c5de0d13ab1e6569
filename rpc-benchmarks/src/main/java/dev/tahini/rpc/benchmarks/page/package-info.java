/** What the debug page costs: its answers, and the calls that go on meanwhile. */
@NullMarked
package dev.tahini.rpc.benchmarks.page;

import org.jspecify.annotations.NullMarked;
