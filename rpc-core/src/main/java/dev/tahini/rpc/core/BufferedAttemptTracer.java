package dev.tahini.rpc.core;

import dev.tahini.rpc.core.AttemptTracer.Stage;
import io.grpc.ClientStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts an attempt whose stream is made while waiting calls are picked again. Its call may have
 * been cancelled meanwhile, and gRPC then drops the stream without a word: so it counts from its
 * first bytes, which its end may overtake.
 */
final class BufferedAttemptTracer extends ClientStreamTracer {
  private final AttemptTracer attempt;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);

  BufferedAttemptTracer(AttemptTracer attempt) {
    this.attempt = attempt;
  }

  @Override
  public void outboundHeaders() {
    if (stage.get() != Stage.NEW) {
      return;
    }
    attempt.count();
    if (stage.compareAndSet(Stage.NEW, Stage.OPEN)) {
      attempt.tell();
    } else {
      attempt.uncount();
    }
  }

  @Override
  public void streamClosed(Status status) {
    if (stage.getAndSet(Stage.CLOSED) == Stage.OPEN) {
      attempt.end(status);
    }
  }
}
