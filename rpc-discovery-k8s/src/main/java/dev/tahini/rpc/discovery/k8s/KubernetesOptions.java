package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.InvalidValueException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link KubernetesDiscovery} reaches the API server, and how patient it is. Start from
 * {@link #defaults()}, which is right in a pod, and change what is to differ with the {@code with}
 * methods. Immutable.
 *
 * @param server the API server, such as {@code http://127.0.0.1:8001} of {@code kubectl proxy};
 *     null for that of the pod's environment
 * @param ca a file of PEM certificates that sign the server's; null for the service account's where
 *     the server is the environment's, else for the JVM's
 * @param tokenFile a file with a bearer token, read for each request since tokens rotate; null for
 *     the service account's where the server is the environment's, else for none
 * @param namespace of targets that name none; null for the service account's
 * @param debounce how long changes are gathered before they are delivered; default 50 ms
 * @param idleLimit a watch that is silent for so long is made again; a server says something about
 *     once a minute; default 90 s
 * @param minBackoff the first wait after a failure is at most that long; default 100 ms
 * @param maxBackoff and no wait is longer, unless the server asks for it; default 30 s
 */
public record KubernetesOptions(
    @Nullable URI server,
    @Nullable Path ca,
    @Nullable Path tokenFile,
    @Nullable String namespace,
    Duration debounce,
    Duration idleLimit,
    Duration minBackoff,
    Duration maxBackoff) {

  static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final KubernetesOptions DEFAULTS =
      new KubernetesOptions(
          null,
          null,
          null,
          null,
          Duration.ofMillis(50),
          Duration.ofSeconds(90),
          Duration.ofMillis(100),
          Duration.ofSeconds(30));

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException naming the option that is out of its range
   */
  public KubernetesOptions {
    if (server != null) {
      String scheme = server.getScheme();
      require(
          ("http".equals(scheme) || "https".equals(scheme))
              && server.getHost() != null
              && server.getRawQuery() == null
              && server.getRawFragment() == null
              && server.getRawUserInfo() == null,
          "server",
          server,
          "http://host:port or https://host:port, with a path if a proxy wants one");
    }
    if (namespace != null) {
      require(
          LABEL.matcher(namespace).matches(),
          "namespace",
          namespace,
          "lower-case letters, digits and -, at most 63");
    }
    require(
        !debounce.isNegative() && debounce.compareTo(Duration.ofMinutes(1)) <= 0,
        "debounce",
        debounce,
        "0 to 1 minute");
    require(isUpToADay(idleLimit), "idleLimit", idleLimit, "1 ms to 1 day");
    require(isUpToADay(minBackoff), "minBackoff", minBackoff, "1 ms to 1 day");
    require(
        isUpToADay(maxBackoff) && maxBackoff.compareTo(minBackoff) >= 0,
        "maxBackoff",
        maxBackoff,
        "minBackoff (" + minBackoff + ") to 1 day");
  }

  /**
   * Every option as it is unless said otherwise.
   *
   * @return the defaults
   */
  public static KubernetesOptions defaults() {
    return DEFAULTS;
  }

  private static boolean isUpToADay(Duration duration) {
    return duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(LONGEST) <= 0;
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new InvalidValueException(name, value, expected);
    }
  }

  /**
   * The same with an API server that is not the pod's environment's.
   *
   * @param server such as {@code http://127.0.0.1:8001}
   * @return the changed copy
   * @throws InvalidValueException if it is no such URL
   */
  public KubernetesOptions withServer(URI server) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with other certificates that sign the server's.
   *
   * @param ca a file in PEM
   * @return the changed copy
   */
  public KubernetesOptions withCa(Path ca) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with another bearer token.
   *
   * @param tokenFile a file with the token, read for each request
   * @return the changed copy
   */
  public KubernetesOptions withTokenFile(Path tokenFile) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with another namespace for targets that name none.
   *
   * @param namespace such as {@code "prod"}
   * @return the changed copy
   */
  public KubernetesOptions withNamespace(String namespace) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with another time for which changes are gathered.
   *
   * @param debounce 0 to 1 minute
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public KubernetesOptions withDebounce(Duration debounce) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with another limit of silence.
   *
   * @param idleLimit 1 ms to 1 day
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public KubernetesOptions withIdleLimit(Duration idleLimit) {
    return new KubernetesOptions(
        server, ca, tokenFile, namespace, debounce, idleLimit, minBackoff, maxBackoff);
  }

  /**
   * The same with other waits after failures.
   *
   * @param min the first is at most that long; 1 ms to 1 day
   * @param max none is longer; min to 1 day
   * @return the changed copy
   * @throws InvalidValueException if one is out of its range
   */
  public KubernetesOptions withBackoff(Duration min, Duration max) {
    return new KubernetesOptions(server, ca, tokenFile, namespace, debounce, idleLimit, min, max);
  }
}
