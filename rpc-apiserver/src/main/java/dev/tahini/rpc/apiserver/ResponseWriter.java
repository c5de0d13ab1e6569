package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Writes responses of HTTP/1.1 to one connection; each write waits while the server is stalled. For
 * one thread.
 */
final class ResponseWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream out;
  private final FaultState faults;

  ResponseWriter(OutputStream out, FaultState faults) {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.faults = faults;
  }

  /** A response with all of its body; in chunks if the splitter cuts it. */
  void whole(int code, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    faults.stall.pass();
    boolean isCut = body.length > 0 && faults.splitter.nextChunkBytes(body.length) < body.length;
    head(code, headers, isCut ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
    if (isCut) {
      chunks(body);
      end();
    } else {
      out.write(body);
      out.flush();
    }
  }

  /** The first half of a response, and then an RST. */
  void half(Map<String, String> headers, byte[] body) throws IOException, InterruptedException {
    faults.stall.pass();
    head(200, headers, "Content-Length: " + body.length);
    out.write(body, 0, body.length / 2);
    out.flush();
    throw new ConnectionCut();
  }

  /** The head of a response whose body comes in chunks. */
  void begin(Map<String, String> headers) throws IOException, InterruptedException {
    faults.stall.pass();
    head(200, headers, "Transfer-Encoding: chunked");
    out.flush();
  }

  /** More of the body. */
  void more(byte[] bytes) throws IOException, InterruptedException {
    faults.stall.pass();
    chunks(bytes);
    out.flush();
  }

  /** The end of a body in chunks. */
  void end() throws IOException, InterruptedException {
    faults.stall.pass();
    out.write("0\r\n\r\n".getBytes(US_ASCII));
    out.flush();
  }

  private void chunks(byte[] bytes) throws IOException {
    Splitter splitter = faults.splitter;
    for (int from = 0; from < bytes.length; ) {
      int length = splitter.nextChunkBytes(bytes.length - from);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
      out.write(bytes, from, length);
      out.write('\r');
      out.write('\n');
      from += length;
    }
  }

  private void head(int code, Map<String, String> headers, String framing) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ").append(code).append(code < 400 ? " OK" : " Refused").append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Cache-Control: no-cache, private\r\n").append(framing).append("\r\n\r\n");
    out.write(head.toString().getBytes(US_ASCII));
  }
}
