package dev.tahini.rpc.testing.lab;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * The message of a simulated call: what the servers and the trace must know of it. It stays the
 * same object from the client to the server; nothing is ever serialised. Immutable.
 *
 * @param client who calls
 * @param number counts the calls of all clients
 * @param quantile how hard the call is, for {@link ServiceTime#nanosAt}
 */
record CallRequest(ClientSpec client, long number, double quantile) {

  static final MethodDescriptor<CallRequest, byte[]> METHOD =
      MethodDescriptor.<CallRequest, byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("dev.tahini.rpc.testing.lab.Model/Call")
          .setRequestMarshaller(new NotSent())
          .setResponseMarshaller(new Empty())
          .build();

  private static final class NotSent implements MethodDescriptor.Marshaller<CallRequest> {

    /** Of no bytes: features may ask how large a request is. */
    @Override
    public InputStream stream(CallRequest value) {
      return new NoBytes();
    }

    @Override
    public CallRequest parse(InputStream stream) {
      throw new UnsupportedOperationException("simulated calls are not serialised");
    }
  }

  private static final class NoBytes extends ByteArrayInputStream implements KnownLength {
    NoBytes() {
      super(Empty.NOTHING);
    }
  }

  private static final class Empty implements MethodDescriptor.Marshaller<byte[]> {
    private static final byte[] NOTHING = {};

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return NOTHING;
    }
  }
}
