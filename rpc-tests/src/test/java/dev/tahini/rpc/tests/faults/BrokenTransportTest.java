package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Probes.ASK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.GomaRetryPolicy;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What load balancers and broken connections make of a call, as a real transport reports it: the Go
 * package's users have it retried, and who asks for it here.
 */
final class BrokenTransportTest {
  /** HPACK: a name and a value, both as they are. */
  private static final byte[] OK_TRAILERS = "\0\u000bgrpc-status\u00010".getBytes(US_ASCII);

  private static final int PREFACE = 24;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final AtomicInteger streams = new AtomicInteger();

  /** What is said to each request. */
  enum Fault {
    /** A page of a load balancer's. */
    HTML("content-type: text/html") {
      @Override
      void answer(OutputStream out, int stream) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, headers("text/html; charset=UTF-8"));
        frame(out, 0, END_STREAM, stream, "<html></html>".getBytes(US_ASCII));
      }
    },
    /** A body that ends without a status, in the midst of a message. */
    CUT_SHORT("unexpected EOS") {
      @Override
      void answer(OutputStream out, int stream) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, headers("application/grpc"));
        frame(out, 0, END_STREAM, stream, new byte[] {0, 0, 0, 0, 100, 1, 2, 3});
      }
    },
    /** A body that ends with a status, in the midst of a message. */
    CUT_IN_A_MESSAGE("mid-frame") {
      @Override
      void answer(OutputStream out, int stream) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, headers("application/grpc"));
        frame(out, 0, 0, stream, new byte[] {0, 0, 0, 0, 100, 1, 2, 3});
        frame(out, HEADERS, END_HEADERS | END_STREAM, stream, OK_TRAILERS);
      }
    },
    RESET("HTTP/2 error code: INTERNAL_ERROR") {
      @Override
      void answer(OutputStream out, int stream) throws IOException {
        frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 2});
      }
    };

    private final String words;

    Fault(String words) {
      this.words = words;
    }

    abstract void answer(OutputStream out, int stream) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void isRetriedByTheGomaPresetAndOnDemand(Fault fault) throws IOException {
    StandardRetryPolicy standard = StandardRetryPolicy.defaults();

    assertEquals(1, attempts(fault, standard));
    assertEquals(5, attempts(fault, standard.retryingBrokenAnswers()));
    assertEquals(3, attempts(fault, new GomaRetryPolicy(3, Duration.ZERO, Duration.ZERO, 1)));
  }

  /** Around the call, since half an answer begins with headers. */
  private int attempts(Fault fault, RetryPolicy policy) throws IOException {
    TestDiscovery discovery = new TestDiscovery();
    streams.set(0);
    try (RawServer server = RawServer.start(socket -> serve(socket, fault));
        RpcClient<ProbeFutureStub> client = Retries.FEATURE.client(discovery)) {
      discovery.set(server.endpoint());
      ProbeBlockingStub stub =
          ProbeGrpc.newBlockingStub(client.channel()).withDeadlineAfter(Await.PATIENCE);
      StatusRuntimeException failure =
          assertThrows(
              StatusRuntimeException.class,
              () -> Retry.builder().policy(policy).build().call(() -> stub.ask(ASK)));

      assertTrue(failure.toString().contains(fault.words), failure::toString);
      return streams.get();
    }
  }

  private void serve(Socket socket, Fault fault) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    in.skipNBytes(PREFACE);
    frame(out, 4, 0, 0, new byte[0]);
    while (true) {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == 4 && flags == 0) {
        frame(out, 4, 1, 0, new byte[0]);
      } else if (type == 6 && flags == 0) {
        frame(out, 6, 1, 0, payload);
      } else if (type == HEADERS) {
        streams.incrementAndGet();
        fault.answer(out, stream);
      }
    }
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(payload.length >> 16);
    bytes.write(payload.length >> 8);
    bytes.write(payload.length);
    bytes.write(type);
    bytes.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write(stream >> shift);
    }
    bytes.write(payload);
    out.write(bytes.toByteArray());
    out.flush();
  }

  /** HPACK: status 200 by its index, the content type by that of its name. */
  private static byte[] headers(String contentType) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x88);
    bytes.write(0x0f);
    bytes.write(31 - 15);
    bytes.write(contentType.length());
    bytes.write(contentType.getBytes(US_ASCII));
    return bytes.toByteArray();
  }
}
