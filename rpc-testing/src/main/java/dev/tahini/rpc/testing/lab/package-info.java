/**
 * A laboratory for load balancing: the real client, balancer and pickers against model servers in
 * virtual time. Starting points: {@link dev.tahini.rpc.testing.lab.SimulatedCluster} to build an
 * experiment, {@link dev.tahini.rpc.testing.lab.Scenario} for those that ship, {@link
 * dev.tahini.rpc.testing.lab.Lab} to print them.
 *
 * <p>Everything runs on the thread that calls {@code run}: no class here is thread-safe unless it
 * is an immutable value.
 */
@NullMarked
package dev.tahini.rpc.testing.lab;

import org.jspecify.annotations.NullMarked;
