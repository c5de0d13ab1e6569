package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.debug.http.AccessPolicy.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Map;

/**
 * Answers requests for {@code /debug/backends} and what belongs to it, whatever server takes them.
 * Thread-safe. No request changes anything.
 */
public final class DebugPages {
  private static final System.Logger logger = System.getLogger(DebugPages.class.getName());
  private static final String ROOT = "/debug/backends";
  private static final Map<String, String> SAFE =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private final Gate gate;
  private final ReportMaker maker;
  private final HtmlReport html = new HtmlReport();
  private final byte[] script = resource("page.js");
  private final byte[] style = resource("page.css");

  DebugPages(Gate gate, ReportMaker maker) {
    this.gate = gate;
    this.maker = maker;
  }

  /**
   * The pages of some clients.
   *
   * @param feature who remembers them
   * @param options who may see what, and under which names
   * @return the pages
   */
  public static DebugPages of(DebugFeature feature, DebugHttpOptions options) {
    return new DebugPages(
        new Gate(new Hosts(options.hosts()), options.access()),
        new ReportMaker(feature, InstantSource.system()));
  }

  private static byte[] resource(String name) {
    try (InputStream in = DebugPages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar of rpc-debug-http");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers a request. Never throws. May take some milliseconds for each thousand backends, and
   * builds a shard table if a key is asked for and there is none: not for an event loop of gRPC's.
   *
   * @param request any
   * @return what to send
   */
  public DebugResponse answer(DebugRequest request) {
    Access access = gate.access(request);
    return gate.refuse(request, access)
        .orElseGet(() -> page(request, access == Access.SENSITIVE))
        .with(SAFE);
  }

  private DebugResponse page(DebugRequest request, boolean sensitive) {
    try {
      return switch (request.path()) {
        case ROOT -> html(Query.parse(request.query()), sensitive);
        case ROOT + ".json" ->
            body("application/json", JsonReport.write(report(request, sensitive)));
        case ROOT + "/metrics" ->
            body(PrometheusReport.CONTENT_TYPE, PrometheusReport.write(report(request, sensitive)));
        case ROOT + "/stream" -> stream(Query.parse(request.query()), sensitive);
        case ROOT + "/page.css" -> body("text/css; charset=utf-8", style);
        case ROOT + "/page.js" -> body("text/javascript; charset=utf-8", script);
        default ->
            DebugResponse.text(
                404, "path: " + Shown.of(request.path()) + " (expected: " + ROOT + ")");
      };
    } catch (InvalidValueException e) {
      return DebugResponse.text(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      logger.log(Level.WARNING, "The page failed", e);
      return DebugResponse.text(500, "The page failed; the log of this program says why.");
    }
  }

  private Report report(DebugRequest request, boolean sensitive) {
    return maker.make(Query.parse(request.query()), sensitive);
  }

  private DebugResponse html(Query query, boolean sensitive) {
    String page = html.page(maker.make(query, sensitive), query);
    return body("text/html; charset=utf-8", page.getBytes(UTF_8));
  }

  private DebugResponse stream(Query query, boolean sensitive) {
    return new DebugResponse(
        200,
        Map.of("Content-Type", "text/event-stream; charset=utf-8"),
        new byte[0],
        new PageEvents(maker, html, query, sensitive));
  }

  private static DebugResponse body(String contentType, byte[] body) {
    return DebugResponse.of(200, Map.of("Content-Type", contentType), body);
  }
}
