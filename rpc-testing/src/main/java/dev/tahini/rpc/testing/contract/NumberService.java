package dev.tahini.rpc.testing.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each call with its server's number, and counts. Thread-safe. */
final class NumberService implements BindableService {
  private static final String NAME = "dev.tahini.rpc.testing.Number";

  static final MethodDescriptor<Integer, Integer> ASK =
      MethodDescriptor.<Integer, Integer>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(NAME + "/Ask")
          .setRequestMarshaller(new NumberMarshaller())
          .setResponseMarshaller(new NumberMarshaller())
          .build();

  private final int number;
  private final AtomicInteger calls = new AtomicInteger();

  NumberService(int number) {
    this.number = number;
  }

  int calls() {
    return calls.get();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(NAME)
        .addMethod(
            ASK,
            (call, headers) -> {
              call.request(2);
              return new Answer(call);
            })
        .build();
  }

  private final class Answer extends ServerCall.Listener<Integer> {
    private final ServerCall<Integer, Integer> call;

    Answer(ServerCall<Integer, Integer> call) {
      this.call = call;
    }

    @Override
    public void onHalfClose() {
      calls.incrementAndGet();
      call.sendHeaders(new Metadata());
      call.sendMessage(number);
      call.close(Status.OK, new Metadata());
    }
  }

  private static final class NumberMarshaller implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer value) {
      return new ByteArrayInputStream(value.toString().getBytes(US_ASCII));
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        return Integer.valueOf(new String(stream.readAllBytes(), US_ASCII));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
