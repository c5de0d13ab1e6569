/**
 * The test kit in JUnit Jupiter. Starting point: {@link
 * dev.tahini.rpc.testing.junit.RpcClusterExtension}. Needs {@code junit-jupiter-api} on the class
 * path, which the rest of the kit does not.
 */
@NullMarked
package dev.tahini.rpc.testing.junit;

import org.jspecify.annotations.NullMarked;
