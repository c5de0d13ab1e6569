package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is and how it is convinced: a pod's environment and service account, or what
 * the options say. Immutable; files are read each time.
 *
 * @param server its URL
 * @param ca who signs its certificate, or null for the JVM's authorities
 * @param tokenFile whose content goes with each request, or null
 * @param namespace of targets that name none, or null
 */
record Credentials(
    URI server, @Nullable Path ca, @Nullable Path tokenFile, @Nullable String namespace) {
  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * Finds out, at the time of the first watch.
   *
   * @param environment the variables of the process
   * @param serviceAccount the folder of the pod's service account
   * @throws InvalidValueException if there is no pod's environment, and no server in the options
   */
  static Credentials of(
      KubernetesOptions options, Map<String, String> environment, Path serviceAccount) {
    URI server = options.server();
    if (server != null) {
      return new Credentials(server, options.ca(), options.tokenFile(), options.namespace());
    }
    return new Credentials(
        ofPod(environment),
        options.ca() == null ? serviceAccount.resolve("ca.crt") : options.ca(),
        options.tokenFile() == null ? serviceAccount.resolve("token") : options.tokenFile(),
        options.namespace() == null
            ? content(serviceAccount.resolve("namespace"))
            : options.namespace());
  }

  private static URI ofPod(Map<String, String> environment) {
    String host = environment.get(HOST);
    if (host == null || host.isBlank()) {
      throw new InvalidValueException(
          HOST,
          host,
          "the API server, as Kubernetes sets it in each pod; elsewhere KubernetesOptions.withServer,"
              + " such as http://127.0.0.1:8001 of kubectl proxy");
    }
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    String port = environment.getOrDefault(PORT, "443");
    if (!port.matches("[1-9][0-9]{0,4}")) {
      throw new InvalidValueException(PORT, port, "a port, as Kubernetes sets it in each pod");
    }
    return URI.create("https://" + bracketed + ":" + port);
  }

  private static @Nullable String content(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : text;
    } catch (IOException none) {
      return null;
    }
  }

  /**
   * The token of now, or null if none is asked for.
   *
   * @throws IOException naming the file, and never what is in it
   */
  @Nullable String token() throws IOException {
    if (tokenFile == null) {
      return null;
    }
    String token = Files.readString(tokenFile).strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new IOException(tokenFile + ": no bearer token (expected: one, and nothing else)");
    }
    return token;
  }

  /** Trusts the authority; the JVM's default where there is none of its own. */
  SSLContext sslContext() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(ca == null ? null : authorities(ca));
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(ca + ": no certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
    }
    return store;
  }
}
