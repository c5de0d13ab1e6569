package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Asks a server as a client would. */
final class ApiClient {
  static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices";
  static final String GREETER = "labelSelector=kubernetes.io%2Fservice-name%3Dgreeter";

  private final FakeApiServer server;
  private final HttpClient http;
  private @Nullable String token;

  ApiClient(FakeApiServer server) {
    this(server, HttpClient.newBuilder());
  }

  private ApiClient(FakeApiServer server, HttpClient.Builder builder) {
    this.server = server;
    this.http = builder.version(HttpClient.Version.HTTP_1_1).build();
  }

  /** One that trusts the server's authority alone. */
  static ApiClient trusting(FakeApiServer server) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      byte[] pem = server.caCertificatePem().getBytes(UTF_8);
      store.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem)));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new ApiClient(server, HttpClient.newBuilder().sslContext(context));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  ApiClient token(String value) {
    token = value;
    return this;
  }

  HttpClient http() {
    return http;
  }

  HttpRequest request(String query, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve(SLICES + "?" + query));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  HttpResponse<String> get(String query) throws IOException, InterruptedException {
    return http.send(request(query), HttpResponse.BodyHandlers.ofString());
  }

  JsonObject list(String query) throws IOException, InterruptedException {
    return JsonParser.parseString(get(query).body()).getAsJsonObject();
  }

  Watch watch(String query) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            request("watch=1&" + GREETER + "&" + query), HttpResponse.BodyHandlers.ofInputStream());
    return new Watch(response.body());
  }

  static List<String> names(JsonObject list) {
    List<String> names = new ArrayList<>();
    for (JsonElement item : list.getAsJsonArray("items")) {
      JsonObject metadata = item.getAsJsonObject().getAsJsonObject("metadata");
      names.add(metadata.get("name").getAsString());
    }
    return names;
  }

  /** A stream of events. */
  static final class Watch implements AutoCloseable {
    private final BufferedReader reader;

    Watch(InputStream body) {
      reader = new BufferedReader(new InputStreamReader(body, UTF_8));
    }

    /** Null at the end. */
    @Nullable String line() throws IOException {
      return reader.readLine();
    }

    JsonObject event() throws IOException {
      return JsonParser.parseString(String.valueOf(line())).getAsJsonObject();
    }

    /** The type, and what it is about: {@code ADDED a@101}; the code of an error. */
    String next() throws IOException {
      JsonObject event = event();
      JsonObject object = event.getAsJsonObject("object");
      String type = event.get("type").getAsString();
      if (object.has("code")) {
        return type + " " + object.get("code");
      }
      if (!object.has("metadata")) {
        return type;
      }
      JsonObject metadata = object.getAsJsonObject("metadata");
      String name = metadata.has("name") ? metadata.get("name").getAsString() : "";
      return type + " " + name + "@" + metadata.get("resourceVersion").getAsString();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
