package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Answers requests: refuses, lists, or hands over to a watch. Thread-safe. */
final class ApiHandler {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String VERSION =
      "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.0\",\"platform\":\"linux/amd64\"}\n";
  private static final String GROUPS =
      "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[{\"name\":\"discovery.k8s.io\","
          + "\"versions\":[{\"groupVersion\":\"discovery.k8s.io/v1\",\"version\":\"v1\"}],"
          + "\"preferredVersion\":{\"groupVersion\":\"discovery.k8s.io/v1\",\"version\":\"v1\"}}]}\n";

  private final SliceStore slices;
  private final ApiAccess access;
  private final FaultState faults;
  private final RequestLog log;
  private final Progress progress;
  private final WatchStream watchStream;

  ApiHandler(
      SliceStore slices,
      ApiAccess access,
      FaultState faults,
      RequestLog log,
      Progress progress,
      WatchStream watchStream) {
    this.slices = slices;
    this.access = access;
    this.faults = faults;
    this.log = log;
    this.progress = progress;
    this.watchStream = watchStream;
  }

  /** It came in; it is answered later, by another thread. */
  void seen(ApiRequest request) {
    log.add(request);
    progress.changed();
  }

  void answer(ApiRequest request, ResponseWriter out) throws IOException, InterruptedException {
    faults.stall.pass();
    try {
      SlicePath path = SlicePath.parse(request.path());
      if (path != null && request.isWebSocket()) {
        out.whole(faults.webSocketStatus, JSON, new byte[0]);
      } else if (path != null) {
        answerSlices(request, path, out);
      } else {
        access.authenticate(request.token());
        out.whole(200, JSON, page(request.path()).getBytes(UTF_8));
      }
    } catch (Refusal e) {
      refuse(e.status(), out);
    }
  }

  private void answerSlices(ApiRequest request, SlicePath path, ResponseWriter out)
      throws IOException, InterruptedException, Refusal {
    Query query = Query.parse(request.query());
    Verb verb = query.verb();
    if (verb == Verb.LIST) {
      faults.lists.pass();
    }
    failIf(faults.failures.next(verb));
    access.authenticate(request.token());
    access.authorize(request.token(), verb, path.namespace());
    if (!request.method().equals("GET")) {
      throw new Refusal(
          ApiStatus.of(
              405,
              "MethodNotAllowed",
              "the server does not allow this method on the requested resource"));
    }
    if (verb == Verb.WATCH) {
      watchStream.run(path, query, out);
    } else {
      list(request, path, query, out);
    }
  }

  private void list(ApiRequest request, SlicePath path, Query query, ResponseWriter out)
      throws IOException, InterruptedException, Refusal {
    String token = query.text("continue");
    if (!token.isEmpty() && FaultState.take(faults.expiredContinues)) {
      throw new Refusal(ListReading.expired(ContinueToken.parse(token)));
    }
    byte[] body = slices.list(path, query).toJson();
    Map<String, String> headers = new HashMap<>(JSON);
    if (faults.compressesLists && request.acceptsGzip()) {
      headers.put("Content-Encoding", "gzip");
      body = gzip(body);
    }
    if (FaultState.take(faults.cutLists)) {
      out.half(headers, body);
    } else {
      out.whole(200, headers, body);
    }
  }

  private static void failIf(@Nullable ApiStatus status) throws Refusal {
    if (status != null) {
      throw new Refusal(status);
    }
  }

  private static void refuse(ApiStatus status, ResponseWriter out)
      throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>(JSON);
    if (status.retryAfterSeconds() != null) {
      headers.put("Retry-After", Integer.toString(status.retryAfterSeconds()));
    }
    out.whole(status.code(), headers, WatchLine.raw(SliceJson.text(status.toJson())));
  }

  private static String page(String path) throws Refusal {
    return switch (path) {
      case "/version", "/version/" -> VERSION;
      case "/apis", "/apis/" -> GROUPS;
      case "/readyz", "/livez", "/healthz" -> "ok";
      default -> throw new Refusal(ApiStatus.notFound());
    };
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }
}
