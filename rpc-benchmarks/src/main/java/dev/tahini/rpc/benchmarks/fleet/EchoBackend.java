package dev.tahini.rpc.benchmarks.fleet;

import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.echo.v1.EchoMessage;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** A service that echoes, and tells when it is next called. Thread-safe. */
public final class EchoBackend extends EchoGrpc.EchoImplBase {
  private volatile CompletableFuture<Long> nextCall = new CompletableFuture<>();

  /** Completes with the {@link System#nanoTime()} of the first call that comes from now on. */
  public CompletableFuture<Long> nextCall() {
    CompletableFuture<Long> next = new CompletableFuture<>();
    nextCall = next;
    return next;
  }

  @Override
  public void say(EchoMessage request, StreamObserver<EchoMessage> response) {
    CompletableFuture<Long> expected = nextCall;
    if (!expected.isDone()) {
      expected.complete(System.nanoTime());
    }
    response.onNext(request);
    response.onCompleted();
  }
}
