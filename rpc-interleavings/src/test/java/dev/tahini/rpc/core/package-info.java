/**
 * What threads share in the core, checked under many interleavings of them.
 *
 * <p>In the core's package, because what is checked is package-private; in a module of its own,
 * because Lincheck rewrites the byte code of what it runs, and brings Kotlin.
 */
@NullMarked
package dev.tahini.rpc.core;

import org.jspecify.annotations.NullMarked;
