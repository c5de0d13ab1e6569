package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscovery;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/** Who watches the slices. */
public enum KubernetesContender {
  /** This project's discovery as it comes: changes are gathered for 50 ms. */
  TAHINI,
  /** The same, without that. */
  TAHINI_AT_ONCE,
  /** The informer of fabric8's client, over the JDK's HTTP client; each event is a new list. */
  FABRIC8;

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A discovery that asks this API server. */
  Discovery discovery(URI server) {
    KubernetesOptions options = KubernetesOptions.defaults().withServer(server);
    return switch (this) {
      case TAHINI -> new KubernetesDiscovery(options);
      case TAHINI_AT_ONCE -> new KubernetesDiscovery(options.withDebounce(Duration.ZERO));
      case FABRIC8 -> new InformerDiscovery(server);
    };
  }
}
