package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.ClientCall;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RetryBufferTest {
  private static final int MIB = 1 << 20;

  private final RetryProbe probe = new RetryProbe();

  private boolean isMadeAgain(int size) {
    ClientCall<String, String> call = probe.call(TestMethod.UNARY);
    call.start(probe.caller, new Metadata());
    call.sendMessage("x".repeat(size));
    call.halfClose();
    probe.attempts.last().fail(Code.UNAVAILABLE);
    return probe.caller.ends.isEmpty();
  }

  @Test
  void requestOfAMebibyteIsMadeAgain() {
    assertTrue(isMadeAgain(MIB));
  }

  @Test
  void largerRequestIsNot() {
    assertFalse(isMadeAgain(MIB + 1));
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void limitCanBeChanged() {
    probe.options = probe.options.withBufferLimit(3);

    assertFalse(isMadeAgain(4));
  }

  /** The last attempt that it can have. */
  @Test
  void largeRequestThatComesWhileAnAttemptIsDueIsSentOnce() {
    ClientCall<String, String> call = probe.call(TestMethod.UNARY);
    call.start(probe.caller, new Metadata());
    probe.attempt(0).fail(Code.UNAVAILABLE);
    call.sendMessage("x".repeat(MIB + 1));
    call.halfClose();
    probe.pass(RetryProbe.DELAY);

    assertEquals(2, probe.attempt(1).done.size());
    probe.attempt(1).fail(Code.UNAVAILABLE);
    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
  }

  private static <T> MethodDescriptor<T, T> method(Function<T, InputStream> stream) {
    MethodDescriptor.Marshaller<T> marshaller =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(T value) {
            return stream.apply(value);
          }

          @Override
          public T parse(InputStream bytes) {
            throw new UnsupportedOperationException();
          }
        };
    return MethodDescriptor.newBuilder(marshaller, marshaller)
        .setType(MethodType.UNARY)
        .setFullMethodName("test.Probe/Ask")
        .build();
  }

  @Test
  void sizeOfAProtoIsKnownWithoutWritingIt() {
    MethodDescriptor<BytesValue, BytesValue> method =
        method(
            value -> {
              throw new AssertionError("written");
            });
    BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[10])); // 12 with its tag

    assertTrue(RequestSize.isWithin(12, message, method));
    assertFalse(RequestSize.isWithin(11, message, method));
  }

  private static final class Known extends ByteArrayInputStream implements KnownLength {
    Known(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] bytes, int from, int length) {
      throw new AssertionError("read");
    }
  }

  @Test
  void streamThatKnowsItsLengthIsNotRead() {
    MethodDescriptor<String, String> method =
        method(value -> new Known(value.getBytes(StandardCharsets.UTF_8)));

    assertTrue(RequestSize.isWithin(3, "abc", method));
    assertFalse(RequestSize.isWithin(2, "abc", method));
  }

  @Test
  void otherStreamIsReadUpToTheLimit() {
    assertTrue(RequestSize.isWithin(3, "abc", TestMethod.UNARY));
    assertFalse(RequestSize.isWithin(2, "abc", TestMethod.UNARY));
    assertTrue(RequestSize.isWithin(0, "", TestMethod.UNARY));
  }

  @Test
  void messageThatCannotBeWrittenIsNotKept() {
    MethodDescriptor<String, String> method =
        method(
            value -> {
              throw new IllegalStateException("broken");
            });

    assertFalse(RequestSize.isWithin(100, "abc", method));
  }

  /** As of proxies that pass bytes on. */
  @Test
  void messageThatIsAStreamIsLeftToGrpc() throws IOException {
    InputStream message = new ByteArrayInputStream(new byte[] {1, 2, 3});

    assertFalse(RequestSize.isWithin(100, message, method(value -> value)));
    assertEquals(3, message.readAllBytes().length);
  }
}
