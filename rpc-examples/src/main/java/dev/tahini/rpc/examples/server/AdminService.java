package dev.tahini.rpc.examples.server;

import dev.tahini.rpc.examples.admin.v1.AdminGrpc;
import dev.tahini.rpc.examples.admin.v1.SetDelayRequest;
import dev.tahini.rpc.examples.admin.v1.SetDelayResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/** Lets a client make the server slow. */
final class AdminService extends AdminGrpc.AdminImplBase {
  static final int MAX_DELAY_MS = 60_000;

  private final Delay delay;

  AdminService(Delay delay) {
    this.delay = delay;
  }

  @Override
  public void setDelay(SetDelayRequest request, StreamObserver<SetDelayResponse> caller) {
    int delayMs = request.getDelayMs();
    if (delayMs < 0 || delayMs > MAX_DELAY_MS) {
      caller.onError(
          Status.INVALID_ARGUMENT
              .withDescription("delay_ms: " + delayMs + " (expected: 0 to " + MAX_DELAY_MS + ")")
              .asRuntimeException());
      return;
    }
    delay.set(Duration.ofMillis(delayMs));
    caller.onNext(SetDelayResponse.getDefaultInstance());
    caller.onCompleted();
  }
}
