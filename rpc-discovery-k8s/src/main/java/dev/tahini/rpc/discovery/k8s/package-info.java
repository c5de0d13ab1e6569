/**
 * Endpoints from the EndpointSlices of a Kubernetes service.
 *
 * <p>Starting points: {@link dev.tahini.rpc.discovery.k8s.KubernetesDiscoveryModule} for Guice,
 * {@link dev.tahini.rpc.discovery.k8s.KubernetesDiscovery} for a client made by hand, {@link
 * dev.tahini.rpc.discovery.k8s.KubernetesNameResolverProvider} for a plain gRPC channel, {@link
 * dev.tahini.rpc.discovery.k8s.KubernetesOptions} for what can be set.
 */
@NullMarked
package dev.tahini.rpc.discovery.k8s;

import org.jspecify.annotations.NullMarked;
