/** What retries add to a storm: in the lab, when every backend is down. */
@NullMarked
package dev.tahini.rpc.benchmarks.storm;

import org.jspecify.annotations.NullMarked;
