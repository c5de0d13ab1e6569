package dev.tahini.rpc.retry;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Methods whose messages are strings. */
final class TestMethod {
  static final MethodDescriptor<String, String> UNARY = of(MethodType.UNARY, "Ask").build();
  static final MethodDescriptor<String, String> IDEMPOTENT =
      of(MethodType.UNARY, "Get").setIdempotent(true).build();
  static final MethodDescriptor<String, String> SAFE =
      of(MethodType.UNARY, "Look").setSafe(true).build();
  static final MethodDescriptor<String, String> LIST =
      of(MethodType.SERVER_STREAMING, "List").build();
  static final MethodDescriptor<String, String> UPLOAD =
      of(MethodType.CLIENT_STREAMING, "Upload").build();
  static final MethodDescriptor<String, String> BIDI =
      of(MethodType.BIDI_STREAMING, "Talk").build();

  private TestMethod() {}

  static MethodDescriptor.Builder<String, String> of(MethodType type, String name) {
    return MethodDescriptor.newBuilder(Text.MARSHALLER, Text.MARSHALLER)
        .setType(type)
        .setFullMethodName("test.Probe/" + name);
  }

  private enum Text implements MethodDescriptor.Marshaller<String> {
    MARSHALLER;

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
