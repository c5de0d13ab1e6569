package dev.tahini.rpc.tests.retry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tahini.rpc.tests.faults.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of HTTP/2 that answers each request with the frames that a test gives it, right or
 * wrong. The frames are those of RFC 9113, the headers those of RFC 7541, none of them indexed.
 */
final class FrameServer {
  static final int PROTOCOL_ERROR = 1;
  static final int INTERNAL_ERROR = 2;
  static final int CANCEL = 8;

  private static final int PREFACE_BYTES = 24;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private FrameServer() {}

  /** A frame of a request's stream. Immutable. */
  static final class Frame {
    private final int type;
    private final int flags;
    private final byte[] payload;

    private Frame(int type, int flags, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.payload = payload;
    }

    void write(int stream, OutputStream out) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(9 + payload.length);
      bytes.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
      out.write(bytes.array());
    }
  }

  /**
   * Answers the first request of all with the first of these, and so on, and all further ones with
   * the last; an empty one ends the connection.
   */
  static RawServer start(List<List<Frame>> answers) throws IOException {
    AtomicInteger requests = new AtomicInteger();
    return RawServer.start(socket -> converse(socket, answers, requests));
  }

  private static void converse(Socket socket, List<List<Frame>> answers, AtomicInteger requests)
      throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    new Frame(SETTINGS, 0, new byte[0]).write(0, out);
    in.skipNBytes(PREFACE_BYTES);
    while (true) {
      int lengthAndType = in.readInt();
      in.readByte();
      int stream = in.readInt();
      in.skipNBytes(lengthAndType >>> 8);
      if ((lengthAndType & 0xff) == HEADERS) {
        int number = Math.min(requests.getAndIncrement(), answers.size() - 1);
        List<Frame> answer = answers.get(number);
        if (answer.isEmpty()) {
          return;
        }
        for (Frame frame : answer) {
          frame.write(stream, out);
        }
      }
    }
  }

  /** The headers of an answer. */
  static Frame headers(String httpStatus, String contentType) {
    return new Frame(
        HEADERS, END_HEADERS, fields(":status", httpStatus, "content-type", contentType));
  }

  /** The end of an answer. */
  static Frame trailers(String grpcStatus) {
    return new Frame(HEADERS, END_HEADERS | END_STREAM, fields("grpc-status", grpcStatus));
  }

  private static byte[] fields(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0); // not indexed, with a new name
      writeText(namesAndValues[i], block);
      writeText(namesAndValues[i + 1], block);
    }
    return block.toByteArray();
  }

  private static void writeText(String text, ByteArrayOutputStream block) {
    block.write(text.length()); // of less than 127 characters
    block.writeBytes(text.getBytes(US_ASCII));
  }

  /** A part of an answer's bytes. */
  static Frame data(byte[] bytes) {
    return new Frame(DATA, 0, bytes);
  }

  /** The last part of an answer's bytes, without trailers. */
  static Frame lastData(byte[] bytes) {
    return new Frame(DATA, END_STREAM, bytes);
  }

  /** The stream is reset. */
  static Frame reset(int error) {
    return new Frame(RST_STREAM, 0, ByteBuffer.allocate(4).putInt(error).array());
  }

  /** A message as gRPC frames it. */
  static byte[] message(byte[] bytes) {
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }
}
