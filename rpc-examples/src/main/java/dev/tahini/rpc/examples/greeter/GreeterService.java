package dev.tahini.rpc.examples.greeter;

import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc;
import dev.tahini.rpc.examples.greeter.v1.HelloReply;
import dev.tahini.rpc.examples.greeter.v1.HelloRequest;
import dev.tahini.rpc.examples.server.Delay;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Greets by name. */
public final class GreeterService extends GreeterGrpc.GreeterImplBase {
  private final Delay delay;

  /**
   * A greeter.
   *
   * @param delay how long it takes
   */
  public GreeterService(Delay delay) {
    this.delay = delay;
  }

  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> caller) {
    delay.answer(caller, () -> reply(request));
  }

  private static HelloReply reply(HelloRequest request) {
    if (request.getName().isEmpty()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("name: empty (expected: who is greeted)")
          .asRuntimeException();
    }
    return HelloReply.newBuilder().setMessage("Hello, " + request.getName() + "!").build();
  }
}
