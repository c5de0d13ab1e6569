package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one would write with fabric8's client: an informer of the service's slices, and a list of
 * the ready endpoints in its store after each event. For one service and one port, thread-safe.
 */
final class InformerDiscovery implements Discovery {
  private final URI server;

  InformerDiscovery(URI server) {
    this.server = server;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("k8s");
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(server.toString())
                    .withNamespace(Slices.NAMESPACE)
                    .withAutoConfigure(false)
                    .build())
            .build();
    SharedIndexInformer<EndpointSlice> informer =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace(Slices.NAMESPACE)
            .withLabel(Slices.LABEL, Slices.SERVICE)
            .runnableInformer(0);
    Runnable publish = () -> listener.onEndpoints(endpoints(informer.getStore().list()));
    informer.addEventHandler(new AfterSync(informer, publish));
    var unused = informer.start().thenRun(publish);
    return new Open(client, informer);
  }

  private static List<Endpoint> endpoints(List<EndpointSlice> slices) {
    Set<Endpoint> endpoints = new LinkedHashSet<>();
    for (EndpointSlice slice : slices) {
      EndpointPort port = slice.getPorts().get(0);
      slice.getEndpoints().stream()
          .filter(endpoint -> !Boolean.FALSE.equals(endpoint.getConditions().getReady()))
          .forEach(
              endpoint ->
                  endpoints.add(
                      Endpoint.of(address(endpoint.getAddresses().get(0), port.getPort()))
                          .withName(
                              endpoint.getTargetRef() == null
                                  ? ""
                                  : endpoint.getTargetRef().getName())));
    }
    return List.copyOf(endpoints);
  }

  private static InetSocketAddress address(String ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first list is published once it is whole. */
  private record AfterSync(SharedIndexInformer<EndpointSlice> informer, Runnable publish)
      implements ResourceEventHandler<EndpointSlice> {

    private void publishIfSynced() {
      if (informer.hasSynced()) {
        publish.run();
      }
    }

    @Override
    public void onAdd(EndpointSlice slice) {
      publishIfSynced();
    }

    @Override
    public void onUpdate(EndpointSlice before, EndpointSlice after) {
      publishIfSynced();
    }

    @Override
    public void onDelete(EndpointSlice slice, boolean isFinalStateUnknown) {
      publishIfSynced();
    }
  }

  private record Open(KubernetesClient client, SharedIndexInformer<EndpointSlice> informer)
      implements Subscription {

    @Override
    public @Nullable Instant lastConfirmed() {
      return null;
    }

    @Override
    public void close() {
      informer.stop();
      client.close();
    }
  }
}
