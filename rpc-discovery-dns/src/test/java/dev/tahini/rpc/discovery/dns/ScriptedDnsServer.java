package dev.tahini.rpc.discovery.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/**
 * A DNS server that says what the test tells it, also what no real one would say. On UDP and TCP of
 * one loopback port, a thread for each.
 */
final class ScriptedDnsServer implements AutoCloseable {
  static final String THREADS = "scripted-dns";

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final List<Record> questions = new CopyOnWriteArrayList<>();
  private volatile Script script = (query, overTcp) -> null;

  /** What to say. */
  interface Script {

    /** The bytes of the answer, well-formed or not; null to say nothing. */
    byte @Nullable [] answer(Message query, boolean overTcp);
  }

  private ScriptedDnsServer(DatagramSocket udp, ServerSocket tcp) {
    this.udp = udp;
    this.tcp = tcp;
  }

  /** Starts one that says nothing yet. */
  static ScriptedDnsServer start() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    while (true) {
      try {
        ServerSocket tcp = new ServerSocket(0, 50, loopback);
        try {
          DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback);
          ScriptedDnsServer server = new ScriptedDnsServer(udp, tcp);
          server.startThread("-udp", server::answerDatagrams);
          server.startThread("-tcp", server::answerConnections);
          return server;
        } catch (SocketException taken) {
          tcp.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void startThread(String suffix, Runnable task) {
    Thread thread = new Thread(task, THREADS + suffix);
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
  }

  /** Options that know this server only, and names as they are. */
  DnsOptions options() {
    return DnsOptions.defaults().withServers("127.0.0.1:" + udp.getLocalPort()).withSearch(0);
  }

  void answer(Script script) {
    this.script = script;
  }

  /** What it was asked, over UDP and TCP. */
  List<Record> questions() {
    return questions;
  }

  private void answerDatagrams() {
    byte[] buffer = new byte[Message.MAXLENGTH];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), false);
        if (answer != null) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // closed, or a client that is gone: the next one
      }
    }
  }

  private void answerConnections() {
    while (!tcp.isClosed()) {
      try (Socket client = tcp.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), true);
        if (answer != null) {
          DataOutputStream out = new DataOutputStream(client.getOutputStream());
          out.writeShort(answer.length);
          out.write(answer);
          out.flush();
        }
      } catch (IOException e) {
        // closed, or a client that is gone: the next one
      }
    }
  }

  private byte @Nullable [] answer(byte[] bytes, boolean overTcp) throws IOException {
    Message query = new Message(bytes);
    questions.add(query.getQuestion());
    return script.answer(query, overTcp);
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
