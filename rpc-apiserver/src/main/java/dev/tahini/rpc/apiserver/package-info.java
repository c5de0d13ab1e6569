/**
 * A stand-in for kube-apiserver 1.34, for tests and benchmarks: it lists and watches EndpointSlices
 * on a loopback port, and fails as told. Start at {@link dev.tahini.rpc.apiserver.FakeApiServer}.
 */
@NullMarked
package dev.tahini.rpc.apiserver;

import org.jspecify.annotations.NullMarked;
