package dev.tahini.rpc.discovery.k8s;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Endpoints from the EndpointSlices of a Kubernetes service, as the API server tells of them:
 * {@code k8s:///greeter.prod:grpc}. {@code docs/discovery.md} has the options, the Role that it
 * needs, and what happens in each failure.
 *
 * <p>Thread-safe. As long as anybody watches there is one HTTP client, with a connection and a
 * request under way for each watch.
 */
public final class KubernetesDiscovery implements Discovery {
  private static final Set<String> SCHEMES = Set.of("k8s", "kubernetes");
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final KubernetesOptions options;
  private final TimeSource time;
  private final Supplier<? extends RandomGenerator> random;
  private final SharedConnection connection = new SharedConnection();

  /** As is right in a pod. */
  public KubernetesDiscovery() {
    this(KubernetesOptions.defaults());
  }

  /**
   * With options.
   *
   * @param options where the API server is, and how patient to be
   */
  public KubernetesDiscovery(KubernetesOptions options) {
    this(options, TimeSource.system());
  }

  /**
   * With time of the caller's.
   *
   * @param options where the API server is, and how patient to be
   * @param time for waits and for silences
   */
  public KubernetesDiscovery(KubernetesOptions options, TimeSource time) {
    this(options, time, ThreadLocalRandom::current);
  }

  /**
   * With time and chance of the caller's.
   *
   * @param options where the API server is, and how patient to be
   * @param time for waits and for silences
   * @param random for the jitter of waits
   */
  public KubernetesDiscovery(
      KubernetesOptions options, TimeSource time, Supplier<? extends RandomGenerator> random) {
    this.options = requireNonNull(options, "options");
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
  }

  @Override
  public Set<String> schemes() {
    return SCHEMES;
  }

  @Override
  public void check(Target target) {
    KubernetesTarget.of(target);
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    requireNonNull(listener, "listener");
    KubernetesTarget asked = KubernetesTarget.of(target);
    Credentials credentials = Credentials.of(options, System.getenv(), SERVICE_ACCOUNT);
    String namespace = asked.namespace() == null ? credentials.namespace() : asked.namespace();
    if (namespace == null) {
      throw new InvalidValueException(
          "target",
          target,
          "a namespace, as in service.namespace, where there is no service account");
    }
    KubernetesTarget service = asked.inNamespace(namespace);
    ApiConnection api = connection.acquire(credentials);
    Sequence sequence = new Sequence(target, api.threads(), time);
    SliceApi slices = new HttpSliceApi(api, namespace, service.service());
    KubernetesWatch watch =
        new KubernetesWatch(
            service,
            listener,
            options,
            time,
            sequence,
            heard ->
                new SliceWatch(
                    slices, new SliceReader(service), options, time, random, sequence, heard),
            connection::release);
    watch.start();
    return watch;
  }
}
