package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Expect;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that say of a call that they left it alone. Holds gRPC to the words it has for that. */
@ParameterizedClass
@EnumSource
final class RefusedCallsTest {
  private static final int PREFACE = 24;
  private static final int FRAME_HEADER = 9;
  private static final int HEADERS = 1;
  private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final byte[] GOAWAY_OF_ALL_STREAMS = {
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final TestDiscovery discovery = new TestDiscovery();
  private final AtomicInteger calls = new AtomicInteger();

  @AutoClose private final RpcClient<ProbeFutureStub> client;

  RefusedCallsTest(Retries retries) {
    client = retries.client(discovery);
  }

  /** What a server says when a call comes. */
  private interface Answer {
    byte[] to(int stream);
  }

  private RawServer server(Answer answer) throws IOException {
    return RawServer.start(socket -> serve(socket, answer));
  }

  private void serve(Socket socket, Answer answer) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(SETTINGS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readFully(new byte[PREFACE]);
    while (true) {
      ByteBuffer header = ByteBuffer.wrap(in.readNBytes(FRAME_HEADER));
      int lengthAndType = header.getInt();
      header.get(); // flags
      in.readFully(new byte[lengthAndType >>> Byte.SIZE]);
      if ((lengthAndType & 0xFF) == HEADERS) {
        calls.incrementAndGet();
        out.write(answer.to(header.getInt()));
      }
    }
  }

  private static byte[] refusal(int stream) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + Integer.BYTES);
    byte[] lengthTypeAndFlags = {0, 0, 4, 3, 0};
    int refusedStream = 7;
    return frame.put(lengthTypeAndFlags).putInt(stream).putInt(refusedStream).array();
  }

  private Status askOf(RawServer server) {
    discovery.set(server.endpoint());
    return outcome(client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK));
  }

  @Test
  void callThatTheServerRefusesIsMadeOnceMore() throws IOException {
    try (RawServer refusing = server(RefusedCallsTest::refusal)) {
      Expect.unavailable("REFUSED_STREAM", askOf(refusing));
      assertEquals(2, calls.get());
    }
  }

  @Test
  void callThatGoAwayDisownsIsMadeOnceMore() throws IOException {
    try (RawServer leaving = server(stream -> GOAWAY_OF_ALL_STREAMS)) {
      Expect.unavailable("GOAWAY", askOf(leaving));
      assertEquals(2, calls.get());
    }
  }
}
