package dev.tahini.rpc.benchmarks.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A call as a policy sees it. Made before it is timed; confined to one thread. */
public final class BenchmarkCall extends PickSubchannelArgs {
  /** What {@code ring_hash} hashes. */
  public static final String KEY_HEADER = "x-key";

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of(KEY_HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final MethodDescriptor<String, String> METHOD =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("tahini.benchmarks.echo.v1.Echo/Say")
          .setRequestMarshaller(new TextMarshaller())
          .setResponseMarshaller(new TextMarshaller())
          .build();

  private final CallOptions options;
  private final Metadata headers = new Metadata();
  private final StreamInfo streamInfo;

  /**
   * A call.
   *
   * @param options as the stub sets them
   * @param key what it is about, sent in {@link #KEY_HEADER}
   */
  public BenchmarkCall(CallOptions options, String key) {
    this.options = options;
    this.streamInfo = StreamInfo.newBuilder().setCallOptions(options).build();
    headers.put(KEY, key);
  }

  /** What gRPC gives to the tracer of the call's stream. */
  public StreamInfo streamInfo() {
    return streamInfo;
  }

  @Override
  public CallOptions getCallOptions() {
    return options;
  }

  @Override
  public Metadata getHeaders() {
    return headers;
  }

  @Override
  public MethodDescriptor<?, ?> getMethodDescriptor() {
    return METHOD;
  }

  private static final class TextMarshaller implements Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      return "";
    }
  }
}
