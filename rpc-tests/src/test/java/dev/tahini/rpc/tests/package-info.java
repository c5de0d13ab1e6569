/**
 * Calls over real sockets, from a client to servers that come, go, drain and die.
 *
 * <p>{@link dev.tahini.rpc.tests.Fleet} is what most tests start from.
 */
@NullMarked
package dev.tahini.rpc.tests;

import org.jspecify.annotations.NullMarked;
