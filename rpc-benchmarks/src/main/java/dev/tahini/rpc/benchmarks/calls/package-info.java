/** What calls over loopback cost a client. */
@NullMarked
package dev.tahini.rpc.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
