/**
 * The demo: servers in processes of their own, calls through one client, and what becomes of calls
 * and keys while servers turn slow, die and come.
 *
 * <p>Starting points: {@link dev.tahini.rpc.examples.demo.ClientModule} wires the client by Guice,
 * {@link dev.tahini.rpc.examples.demo.DemoDiscovery} is a discovery written against the SPI, {@link
 * dev.tahini.rpc.examples.demo.CallMeter} a feature that listens to a client's events.
 */
@NullMarked
package dev.tahini.rpc.examples.demo;

import org.jspecify.annotations.NullMarked;
