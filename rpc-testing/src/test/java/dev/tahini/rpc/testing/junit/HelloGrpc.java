package dev.tahini.rpc.testing.junit;

import dev.tahini.rpc.testing.Text;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.util.function.Function;

/** A service in the shape that gRPC generates: stubs of a channel by static methods. */
public final class HelloGrpc {
  private static final MethodDescriptor<String, String> HELLO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Hello/Hello")
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private HelloGrpc() {}

  public static HelloBlockingStub newBlockingStub(Channel channel) {
    return new HelloBlockingStub(channel);
  }

  /** Blocks. */
  public record HelloBlockingStub(Channel channel) {
    String hello(String name) {
      return ClientCalls.blockingUnaryCall(channel, HELLO, CallOptions.DEFAULT, name);
    }
  }

  /** Says hello from whoever it is. */
  static BindableService service(String backend) {
    Function<String, String> greeting = name -> "hello " + name + " from " + backend;
    return () ->
        ServerServiceDefinition.builder("test.Hello")
            .addMethod(
                HELLO,
                ServerCalls.asyncUnaryCall(
                    (name, observer) -> {
                      observer.onNext(greeting.apply(name));
                      observer.onCompleted();
                    }))
            .build();
  }
}
