package dev.tahini.rpc.core;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts an attempt of a call that waited: for a pick, or for its credentials. It may have been
 * cancelled meanwhile, and gRPC then makes a stream and drops it without a word: so it counts from
 * its first bytes, which its end may overtake.
 */
final class BufferedAttemptTracer extends ClientStreamTracer {
  private final AttemptTracer attempt;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.NEW);

  private enum Stage {
    NEW,
    OPEN,
    CLOSED
  }

  BufferedAttemptTracer(AttemptTracer attempt) {
    this.attempt = attempt;
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    attempt.noteCreated();
  }

  @Override
  public void outboundHeaders() {
    attempt.outboundHeaders();
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
  public void inboundHeaders() {
    attempt.inboundHeaders();
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    attempt.inboundTrailers(trailers);
  }

  @Override
  public void streamClosed(Status status) {
    attempt.tellCall(status);
    if (stage.getAndSet(Stage.CLOSED) == Stage.OPEN) {
      attempt.end(status);
    }
  }
}
