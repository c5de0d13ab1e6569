package dev.tahini.rpc.debug.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server over real sockets. */
class DebugHttpServerTest {
  private static final InetAddress LOOPBACK = InetAddresses.forString("127.0.0.1");
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
  private static final int PATIENCE_MILLIS = 10_000;
  private static final Limits QUICK =
      new Limits(Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(20), 256, 8);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger events = new AtomicInteger();
  private final CountDownLatch answered = new CountDownLatch(1);

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private DebugHttpServer server(Limits limits) {
    DebugHttpServer server = DebugHttpServer.start(ANY_PORT, this::answer, limits);
    open.add(server);
    return server;
  }

  private DebugResponse answer(DebugRequest request) {
    answered.countDown();
    return switch (request.path()) {
      case "/big" -> DebugResponse.of(200, Map.of(), new byte[64 << 20]);
      case "/fails" -> throw new IllegalStateException("the page is broken");
      case "/events" ->
          new DebugResponse(
              200,
              Map.of("Content-Type", "text/event-stream"),
              new byte[0],
              () -> ("data: " + events.incrementAndGet() + "\n\n").getBytes(UTF_8));
      default -> DebugResponse.text(200, request.path() + "?" + request.query());
    };
  }

  private Socket connect(DebugHttpServer server) throws IOException {
    Socket socket = new Socket(LOOPBACK, server.address().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    open.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  private static String head(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
  }

  /** A response without its body, then the body. */
  private static List<String> response(BufferedReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    int length = 0;
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      lines.add(line);
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
      line = reader.readLine();
    }
    char[] body = new char[length];
    for (int read = 0; read < length; ) {
      int more = reader.read(body, read, length - read);
      if (more < 0) {
        throw new IOException("the body broke off after " + read + " of " + length);
      }
      read += more;
    }
    lines.add(new String(body).strip());
    return lines;
  }

  private String statusOf(Socket socket, String request) throws IOException {
    send(socket, request);
    return response(reader(socket)).get(0);
  }

  /** Whether the server has ended the connection, also where bytes were still on their way. */
  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void oneConnectionTakesManyRequestsAlsoAheadOfTheAnswers() throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    send(socket, head("/one?a=b") + head("/two") + head("/three"));
    BufferedReader reader = reader(socket);
    for (String each : List.of("/one?a=b", "/two?", "/three?")) {
      List<String> response = response(reader);
      assertEquals(each, response.get(response.size() - 1));
    }
    send(socket, head("/four"));
    assertEquals("HTTP/1.1 200 OK", response(reader).get(0));
  }

  @Test
  void whatIsAskedAheadOfALongAnswerIsAnsweredAfterIt() throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    send(socket, head("/big") + head("/after"));
    BufferedReader reader = reader(socket);
    assertEquals("HTTP/1.1 200 OK", response(reader).get(0));
    List<String> after = response(reader);
    assertEquals("/after?", after.get(after.size() - 1));
  }

  @Test
  void headHasTheLengthAndNoBody() throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    send(socket, "HEAD /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    String all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
    assertTrue(all.contains("content-length: 4"), all);
    assertTrue(all.endsWith("\r\n\r\n"), all);
  }

  @Test
  void headOfAStreamEndsAtOnce() throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    send(socket, "HEAD /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    String all = new String(socket.getInputStream().readAllBytes(), US_ASCII);
    assertTrue(all.startsWith("HTTP/1.1 200"), all);
    assertEquals(0, events.get());
  }

  @Test
  void whatFailsIsAnsweredAndTheConnectionGoesOn() throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    assertEquals("HTTP/1.1 500 Internal Server Error", statusOf(socket, head("/fails")));
    assertEquals("HTTP/1.1 200 OK", statusOf(socket, head("/x")));
  }

  @ParameterizedTest
  @CsvSource({
    "1048576, 0, 414",
    "9000, 0, 414",
    "1, 20000, 431",
  })
  void whatIsTooLongIsRefusedAndCut(int queryBytes, int headerBytes, String status)
      throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    String query = "q".repeat(queryBytes);
    String header = headerBytes == 0 ? "" : "X: " + "h".repeat(headerBytes) + "\r\n";
    try {
      send(socket, head("/x?" + query, header));
    } catch (IOException cutWhileSending) {
      return; // answered and cut, which a reset may hide from who still sends
    }
    try {
      assertTrue(response(reader(socket)).get(0).startsWith("HTTP/1.1 " + status));
    } catch (IOException reset) {
      return;
    }
    assertTrue(isEnded(socket));
  }

  @ParameterizedTest
  @CsvSource({"hello", "GET", "'GET / HTTP/9'", "'GET /\u0000 HTTP/1.1\nHost'"})
  void whatIsNoRequestIsRefused(String line) throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    assertTrue(statusOf(socket, line + "\r\n\r\n").matches("HTTP/1.1 [24]\\d\\d .*"));
  }

  @ParameterizedTest
  @CsvSource({"Content-Length: 3", "Transfer-Encoding: chunked", "Content-Length: 1073741824"})
  void aBodyIsRefused(String header) throws IOException {
    Socket socket = connect(server(Limits.USUAL));
    assertTrue(statusOf(socket, head("/x", header + "\r\n")).startsWith("HTTP/1.1 413"));
    assertTrue(isEnded(socket));
  }

  @Test
  void whoSendsNothingIsCut() throws IOException {
    assertTrue(isEnded(connect(server(QUICK))));
  }

  @Test
  void whoSendsOnAndOnIsCutAllTheSame() throws IOException {
    Socket socket = connect(server(QUICK));
    socket.setSoTimeout(10);
    send(socket, "GET / HTTP/1.1\r\n");
    int sent = 0;
    try {
      while (!isEnded(socket) && sent < 10_000) { // a byte for each 10 ms of waiting
        send(socket, "a");
        sent++;
      }
    } catch (IOException cut) {
      // as it should be
    }
    assertTrue(sent < 10_000, "still open after " + sent + " bytes");
  }

  @Test
  void whoDoesNotReadHisAnswerIsCut() throws Exception {
    Socket socket = connect(server(QUICK));
    send(socket, head("/big"));
    assertTrue(answered.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    Socket other = connect(server(Limits.USUAL));
    assertEquals("HTTP/1.1 200 OK", statusOf(other, head("/x")));
    int read = 0;
    try {
      // Byte by byte 64 MB would take minutes.
      while (socket.getInputStream().read() >= 0) {
        read++;
      }
    } catch (IOException reset) {
      // as it should be
    }
    assertTrue(read < 64 << 20, "all of it came");
  }

  @Test
  void idleConnectionsByTheHundredLeaveThePageUsable() throws IOException {
    DebugHttpServer server = server(Limits.USUAL);
    for (int i = 0; i < 600; i++) {
      send(connect(server), i % 2 == 0 ? "" : "GET / HT");
      if (i % 100 == 0) {
        assertEquals("HTTP/1.1 200 OK", statusOf(connect(server), head("/x")));
      }
    }
    assertEquals("HTTP/1.1 200 OK", statusOf(connect(server), head("/x")));
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("tahini-debug-http"))
            .filter(Thread::isAlive)
            .count();
    assertTrue(threads <= 1, threads + " threads");
  }

  @Test
  void eventsComeUntilTheReaderLeaves() throws Exception {
    DebugHttpServer server = server(QUICK);
    Socket socket = connect(server);
    send(socket, head("/events"));
    BufferedReader reader = reader(socket);
    String line = reader.readLine();
    while (!"data: 3".equals(line)) {
      line = reader.readLine();
    }
    socket.close();
    // Its place is free again once the server has heard of it.
    for (int i = 0; i < 8; i++) {
      assertEquals("HTTP/1.1 200 OK", firstLine(connect(server), "/events"));
    }
  }

  private String firstLine(Socket socket, String path) throws IOException {
    send(socket, head(path));
    return String.valueOf(reader(socket).readLine());
  }

  @Test
  void theNinthStreamIsRefusedAndPagesAreServed() throws IOException {
    DebugHttpServer server = server(Limits.USUAL);
    for (int i = 0; i < 8; i++) {
      assertEquals("HTTP/1.1 200 OK", firstLine(connect(server), "/events"));
    }
    assertEquals("HTTP/1.1 503 Service Unavailable", firstLine(connect(server), "/events"));
    assertEquals("HTTP/1.1 200 OK", statusOf(connect(server), head("/x")));
  }

  @Test
  void closeCutsConnectionsAndFreesThePort() throws IOException {
    DebugHttpServer server = server(Limits.USUAL);
    Socket idle = connect(server);
    Socket stream = connect(server);
    assertEquals("HTTP/1.1 200 OK", firstLine(stream, "/events"));
    server.close();
    server.close();
    assertTrue(isEnded(idle));
    open.add(DebugHttpServer.start(server.address(), this::answer, Limits.USUAL));
  }

  @Test
  void aPortInUseIsNamed() {
    DebugHttpServer first = server(Limits.USUAL);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> DebugHttpServer.start(first.address(), this::answer, Limits.USUAL));
    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith(
                "The debug page cannot listen on 127.0.0.1 port "
                    + first.address().getPort()
                    + ": "),
        e.getMessage());
  }
}
