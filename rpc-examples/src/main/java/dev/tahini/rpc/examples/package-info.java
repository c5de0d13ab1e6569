/** The entry to the examples: {@link dev.tahini.rpc.examples.Demo}. */
@NullMarked
package dev.tahini.rpc.examples;

import org.jspecify.annotations.NullMarked;
