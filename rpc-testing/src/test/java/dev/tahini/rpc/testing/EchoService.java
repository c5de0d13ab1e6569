package dev.tahini.rpc.testing;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/**
 * Answers each text with the same text; a call of "wait" is never answered. By hand: no protobuf.
 */
final class EchoService implements BindableService {
  static final MethodDescriptor<String, String> ECHO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Echo/Echo")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  /** Done when the service has got a call that it does not answer. */
  final CompletableFuture<String> waits = new CompletableFuture<>();

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder("test.Echo").addMethod(ECHO, new Handler()).build();
  }

  private final class Handler implements ServerCallHandler<String, String> {
    @Override
    public ServerCall.Listener<String> startCall(
        ServerCall<String, String> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(String text) {
          if (text.equals("wait")) {
            waits.complete(text);
            return;
          }
          call.sendHeaders(new Metadata());
          call.sendMessage(text);
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }
}
