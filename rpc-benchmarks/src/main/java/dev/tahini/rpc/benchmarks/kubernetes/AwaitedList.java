package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells of a list that is waited for, by its size. Thread-safe. */
final class AwaitedList implements Discovery.Listener {
  private volatile Awaited awaited = new Awaited(-1, new CompletableFuture<>());

  private record Awaited(int size, CompletableFuture<Integer> done) {}

  /** Completes with the first list of this size that is delivered from now on; or an error. */
  CompletableFuture<Integer> ofSize(int size) {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    awaited = new Awaited(size, done);
    return done;
  }

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    Awaited current = awaited;
    if (endpoints.size() == current.size()) {
      current.done().complete(endpoints.size());
    }
  }

  @Override
  public void onError(Status error) {
    awaited.done().completeExceptionally(error.asRuntimeException());
  }
}
