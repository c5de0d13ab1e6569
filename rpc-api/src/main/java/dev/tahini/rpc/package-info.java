/**
 * What Tahini's users, plug-ins and balancer agree on: the SPIs and the values they exchange.
 *
 * <p>Starting points:
 *
 * <ul>
 *   <li>{@link dev.tahini.rpc.Pick}: what a call asks for (least loaded, the shard of a key,
 *       random, by address). Put it on a stub with {@code stub.withOption(Pick.OPTION, pick)}.
 *   <li>{@link dev.tahini.rpc.Discovery}: where the {@link dev.tahini.rpc.Endpoint}s of a {@link
 *       dev.tahini.rpc.Target} come from.
 *   <li>{@link dev.tahini.rpc.Picker}: which {@link dev.tahini.rpc.Backend} serves a call.
 *   <li>{@link dev.tahini.rpc.RetryPolicy}: whether and when a failed call is tried again.
 *   <li>{@link dev.tahini.rpc.ClientFeature} and {@link dev.tahini.rpc.CallEvents}: what a plug-in
 *       adds to a client, and what it hears from it.
 *   <li>{@link dev.tahini.rpc.Clients}: the live clients, for pages, metrics and failing tests.
 * </ul>
 */
@NullMarked
package dev.tahini.rpc;

import org.jspecify.annotations.NullMarked;
