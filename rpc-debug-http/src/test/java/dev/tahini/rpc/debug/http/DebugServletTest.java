package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages in a real servlet container, under a path of the application's. */
class DebugServletTest {
  private final Server server =
      new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  @BeforeEach
  void start() throws Exception {
    DebugPages pages = DebugPages.of(new DebugFeature(), DebugHttpOptions.defaults());
    ServletContextHandler context = new ServletContextHandler("/app");
    context.addServlet(new ServletHolder(new DebugServlet(pages)), "/debug/*");
    server.setHandler(context);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/app" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void answersAsThePagesDo() throws Exception {
    HttpResponse<String> page = send("GET", "/debug/backends");
    assertEquals(200, page.statusCode());
    assertTrue(page.body().contains("No client"));
    assertEquals("no-store", page.headers().firstValue("Cache-Control").orElse(""));
    assertEquals(200, send("GET", "/debug/backends/page.js").statusCode());
    assertEquals(404, send("GET", "/debug/other").statusCode());
    assertEquals(400, send("GET", "/debug/backends?colour=red").statusCode());
    assertEquals(405, send("POST", "/debug/backends").statusCode());
    assertEquals(405, send("DELETE", "/debug/backends").statusCode());
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    HttpResponse<String> head = send("HEAD", "/debug/backends/page.css");
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    assertTrue(head.headers().firstValueAsLong("Content-Length").orElse(0) > 0);
  }

  @Test
  void aStreamSendsOneEventAndAsksTheBrowserToComeBack() throws Exception {
    HttpResponse<String> stream = send("GET", "/debug/backends/stream");
    assertEquals(200, stream.statusCode());
    assertTrue(stream.body().startsWith("retry: 1000\ndata: {"), stream.body());
    assertTrue(stream.body().endsWith("\n\n"));
  }
}
