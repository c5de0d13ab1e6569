/**
 * A test kit for load-balanced gRPC. Starting point: {@link dev.tahini.rpc.testing.RpcTestServer},
 * one server for a unit test.
 */
@NullMarked
package dev.tahini.rpc.testing;

import org.jspecify.annotations.NullMarked;
