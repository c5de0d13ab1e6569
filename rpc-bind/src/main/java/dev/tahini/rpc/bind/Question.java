package dev.tahini.rpc.bind;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One question of DNS (RFC 1035, section 4.1), as much of it as asking whether a server is there
 * needs.
 *
 * @param name without a dot at the end
 */
record Question(String name, int type, int dnsClass) {
  private static final int SOA = 6;
  private static final int TXT = 16;
  private static final int INTERNET = 1;
  private static final int CHAOS = 3;
  private static final int ID = 0x5441;

  static Question soa(String zone) {
    return new Question(zone, SOA, INTERNET);
  }

  /** What BIND answers with the version of its configuration. */
  static Question version() {
    return new Question("version.bind", TXT, CHAOS);
  }

  /**
   * An answer.
   *
   * @param code 0 if there is no error
   * @param text the message, each byte as a character
   */
  record Answer(int code, boolean isAuthoritative, String text) {}

  /** Asks over UDP, once. */
  Answer udp(InetSocketAddress server, int timeoutMillis) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(timeoutMillis);
      byte[] question = message();
      socket.send(new DatagramPacket(question, question.length));
      DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
      socket.receive(packet);
      return answer(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  /** Asks over TCP. */
  Answer tcp(InetSocketAddress server, int timeoutMillis) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      byte[] question = message();
      ByteArrayOutputStream framed = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(framed);
      out.writeShort(question.length);
      out.write(question);
      socket.getOutputStream().write(framed.toByteArray());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return answer(answer);
    }
  }

  private static Answer answer(byte[] message) throws IOException {
    boolean isAnswer =
        message.length >= 12
            && ((message[0] & 0xff) << 8 | (message[1] & 0xff)) == ID
            && (message[2] & 0x80) != 0;
    if (!isAnswer) {
      throw new IOException("answer: " + message.length + " bytes (expected: one of DNS)");
    }
    return new Answer(
        message[3] & 0xf,
        (message[2] & 0x4) != 0,
        new String(message, StandardCharsets.ISO_8859_1));
  }

  private byte[] message() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(ID);
    out.writeShort(0); // a query
    out.writeShort(1); // one question
    out.writeShort(0);
    out.writeShort(0);
    out.writeShort(0);
    for (String label : name.split("\\.", -1)) {
      out.writeByte(label.length());
      out.write(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeByte(0);
    out.writeShort(type);
    out.writeShort(dnsClass);
    return bytes.toByteArray();
  }
}
