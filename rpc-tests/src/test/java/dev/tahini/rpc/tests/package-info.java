/**
 * Calls over real sockets, from a client to servers that come, go, drain and die.
 *
 * <p>Most tests start from an {@code RpcTestCluster} of the test kit, which {@link
 * dev.tahini.rpc.tests.Fleet} makes.
 */
@NullMarked
package dev.tahini.rpc.tests;

import org.jspecify.annotations.NullMarked;
