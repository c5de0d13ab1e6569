/** What the start of a channel and a change of one backend cost a policy. */
@NullMarked
package dev.tahini.rpc.benchmarks.life;

import org.jspecify.annotations.NullMarked;
