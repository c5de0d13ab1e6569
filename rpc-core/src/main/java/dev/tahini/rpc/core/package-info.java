/**
 * The client, its channel, its balancer and its pickers.
 *
 * <p>Starting points: {@link dev.tahini.rpc.core.RpcClient} for a client made by hand; {@link
 * dev.tahini.rpc.core.RpcModule} and {@link dev.tahini.rpc.core.RpcBinder} for clients made by
 * Guice; {@link dev.tahini.rpc.core.TahiniLoadBalancerProvider} for a plain gRPC channel.
 */
@NullMarked
package dev.tahini.rpc.core;

import org.jspecify.annotations.NullMarked;
