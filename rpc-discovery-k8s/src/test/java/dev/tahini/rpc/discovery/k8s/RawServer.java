package dev.tahini.rpc.discovery.k8s;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each request on a connection of its own, byte for byte as the test says. */
final class RawServer implements AutoCloseable {
  private final ServerSocket port;
  private final Script script;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** What to do with a request, whose head has been read. Then the connection is closed. */
  interface Script {
    void answer(Socket socket, OutputStream out) throws IOException;
  }

  private RawServer(ServerSocket port, Script script) {
    this.port = port;
    this.script = script;
  }

  static RawServer start(Script script) {
    try {
      RawServer server =
          new RawServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
      startThread(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void startThread(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!port.isClosed()) {
      try {
        Socket socket = port.accept();
        sockets.add(socket);
        startThread(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line).append('\n');
      }
      heads.add(head.toString());
      script.answer(socket, socket.getOutputStream());
    } catch (IOException clientIsGone) {
      // what the test is about
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port.getLocalPort());
  }

  /** The heads of the requests so far. */
  List<String> heads() {
    return heads;
  }

  /** A whole answer. */
  static void say(OutputStream out, String status, String headers, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    head(out, status, headers + "Content-Length: " + bytes.length + "\r\n");
    out.write(bytes);
    out.flush();
  }

  /** The head of an answer, whose body ends with the connection. */
  static void head(OutputStream out, String status, String headers) throws IOException {
    out.write(("HTTP/1.1 " + status + "\r\n" + headers + "\r\n").getBytes(US_ASCII));
    out.flush();
  }

  @Override
  public void close() {
    try {
      port.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
