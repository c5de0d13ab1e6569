package dev.tahini.rpc.discovery.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import dev.tahini.rpc.discovery.k8s.SliceJson.SliceListJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The API server over HTTP/1.1: {@code discovery.k8s.io/v1} EndpointSlices of one service, found by
 * their label. A token is read for each request. Thread-safe.
 */
final class HttpSliceApi implements SliceApi {
  private static final int PAGE = 100;
  private static final int MOST_BYTES_OF_A_PAGE = 64 << 20;
  private static final int MOST_BYTES_OF_A_LINE = 10 << 20;
  private static final int MOST_BYTES_OF_AN_ERROR = 1 << 20;
  private static final int LONGEST_QUOTE = 300;

  /** By this the server's audit log and metrics tell who asks. */
  private static final String USER_AGENT = "tahini-rpc-discovery-k8s";

  private static final Gson GSON = new Gson();

  private final ApiConnection connection;
  private final String path;

  HttpSliceApi(ApiConnection connection, String namespace, String service) {
    this.connection = connection;
    this.path =
        "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices?labelSelector=%s"
            .formatted(
                namespace, URLEncoder.encode("kubernetes.io/service-name=" + service, UTF_8));
  }

  @Override
  public String server() {
    return connection.uri("").toString();
  }

  @Override
  public ApiRequest<SliceListJson> list(@Nullable String next, Runnable onBytes) {
    AtomicReference<@Nullable SliceListJson> page = new AtomicReference<>();
    String query =
        "&limit=" + PAGE + (next == null ? "" : "&continue=" + URLEncoder.encode(next, UTF_8));
    BodyPieces body =
        BodyPieces.whole(
            MOST_BYTES_OF_A_PAGE, onBytes, bytes -> page.set(read(bytes, SliceListJson.class)));
    ApiRequest<Boolean> request = send(path + query, body, () -> {}, onBytes);
    return new ApiRequest<>(
        request.end().thenApply(done -> whole(page.get())),
        request.cancellation(),
        request.distrust());
  }

  private SliceListJson whole(@Nullable SliceListJson page) {
    if (page == null) {
      throw new CompletionException(ApiFailure.garbled(server() + ": an empty list", null));
    }
    return page;
  }

  @Override
  public ApiRequest<Boolean> watch(
      String version,
      long timeoutSeconds,
      Runnable onOpen,
      Runnable onBytes,
      Consumer<EventJson> onEvent,
      Executor pace) {
    String query =
        "&watch=true&allowWatchBookmarks=true&resourceVersion=%s&timeoutSeconds=%d"
            .formatted(URLEncoder.encode(version, UTF_8), timeoutSeconds);
    BodyPieces lines =
        BodyPieces.lines(
            MOST_BYTES_OF_A_LINE,
            onBytes,
            line -> onEvent.accept(read(line, EventJson.class)),
            pace);
    return send(path + query, lines, onOpen, onBytes);
  }

  private static <T> T read(byte[] json, Class<T> type) {
    T value = GSON.fromJson(new InputStreamReader(new ByteArrayInputStream(json), UTF_8), type);
    if (value == null) {
      throw new JsonParseException("null");
    }
    return value;
  }

  /**
   * Ends with the body, on the HTTP client's own threads. The JDK tells of the exchange's end on
   * its common pool, which counts only for a failure, where there may be no body.
   */
  private ApiRequest<Boolean> send(
      String pathAndQuery, BodyPieces good, Runnable onOpen, Runnable onBytes) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    AtomicReference<@Nullable ApiFailure> refusal = new AtomicReference<>();
    HttpClient http;
    CompletableFuture<?> exchange;
    try {
      http = connection.http();
      exchange =
          http.sendAsync(
              request(pathAndQuery),
              answer -> {
                onBytes.run();
                BodyPieces body =
                    answer.statusCode() == 200 ? good : refused(answer, onBytes, refusal);
                var unused =
                    body.getBody()
                        .whenComplete((done, failure) -> finish(end, failure, refusal.get()));
                if (body == good) {
                  onOpen.run();
                }
                return body;
              });
    } catch (IOException | RuntimeException e) {
      finish(end, e, null);
      return new ApiRequest<>(end, () -> {}, () -> {});
    }
    var unused =
        exchange.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                if (!isOfTheServer(cause(failure))) {
                  connection.replace(http);
                }
                finish(end, failure, refusal.get());
              }
            });
    return new ApiRequest<>(
        end,
        () -> {
          good.cancel();
          exchange.cancel(true);
        },
        () -> connection.replace(http));
  }

  private HttpRequest request(String pathAndQuery) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(connection.uri(pathAndQuery))
            .header("Accept", "application/json")
            .header("User-Agent", USER_AGENT);
    String token = connection.token();
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  /** Notes a refusal at once, since it is one however its body ends, and again with its body. */
  private BodyPieces refused(
      HttpResponse.ResponseInfo answer,
      Runnable onBytes,
      AtomicReference<@Nullable ApiFailure> refusal) {
    refusal.set(refusal(answer, new byte[0]));
    return BodyPieces.whole(
        MOST_BYTES_OF_AN_ERROR, onBytes, bytes -> refusal.set(refusal(answer, bytes)));
  }

  private void finish(
      CompletableFuture<Boolean> end, @Nullable Throwable failure, @Nullable ApiFailure refusal) {
    if (refusal != null) {
      end.completeExceptionally(refusal);
      return;
    }
    if (failure == null) {
      end.complete(true);
      return;
    }
    Throwable cause = cause(failure);
    String text = connection.text(cause);
    end.completeExceptionally(
        cause instanceof JsonParseException
            ? ApiFailure.garbled(text, cause)
            : ApiFailure.broken(text, cause));
  }

  private static @Nullable Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  /** Any other failure may be that the HTTP client itself has died, as of an OutOfMemoryError. */
  private static boolean isOfTheServer(@Nullable Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpTimeoutException
        || cause instanceof SSLException
        || cause instanceof CancellationException;
  }

  /** What a Status object says, or whatever else is in the body. */
  private ApiFailure refusal(HttpResponse.ResponseInfo answer, byte[] body) {
    int status = answer.statusCode();
    String text = new String(body, UTF_8).strip();
    String message = null;
    try {
      SliceJson object = GSON.fromJson(text, SliceJson.class);
      message = object == null ? null : object.message();
    } catch (JsonParseException noStatus) {
      // a proxy's page, then
    }
    if (message == null) {
      message = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }
    String said = server() + ": HTTP " + status + (message.isEmpty() ? "" : ": " + message);
    return new ApiFailure(said + advice(status), status, retryAfter(answer.headers()));
  }

  private String advice(int status) {
    return switch (status) {
      case 401 ->
          (connection.hasToken()
                  ? " (the service account's token was not taken"
                  : " (no token was sent: withTokenFile")
              + "; it needs the right to list and watch endpointslices in discovery.k8s.io)";
      case 403 ->
          " (the service account needs a Role to list and watch endpointslices in discovery.k8s.io)";
      default -> "";
    };
  }

  private static @Nullable Duration retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,5}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(null);
  }
}
