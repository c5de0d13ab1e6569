/**
 * Endpoints from A, AAAA and SRV records.
 *
 * <p>Starting points: {@link dev.tahini.rpc.discovery.dns.DnsDiscoveryModule} for Guice, {@link
 * dev.tahini.rpc.discovery.dns.DnsDiscovery} for a client made by hand, {@link
 * dev.tahini.rpc.discovery.dns.DnsOptions} for what can be set.
 */
@NullMarked
package dev.tahini.rpc.discovery.dns;

import org.jspecify.annotations.NullMarked;
