/**
 * A test kit for load-balanced gRPC. Starting points: {@link dev.tahini.rpc.testing.RpcTestServer},
 * one server for a unit test; {@link dev.tahini.rpc.testing.RpcTestCluster}, several that fail.
 */
@NullMarked
package dev.tahini.rpc.testing;

import org.jspecify.annotations.NullMarked;
