package dev.tahini.rpc.core;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/** An attempt counts once at most, and is in flight no more once it has ended, whoever is first. */
public final class AttemptOperations {
  private final SharedState shared = new SharedState(1);
  private final LiveBackend backend = shared.listed.get(0);
  private final ClientStreamTracer attempt =
      new AttemptTracer.Factory(shared.channel, backend)
          .newClientStreamTracer(
              StreamInfo.newBuilder().setCallOptions(CallOptions.DEFAULT).build(), new Metadata());
  private volatile boolean closed;

  @Operation
  public void create() {
    attempt.streamCreated(Attributes.EMPTY, new Metadata());
  }

  @Operation
  public void close() {
    attempt.streamClosed(Status.OK);
    closed = true;
  }

  /** What is left when all operations have ended. */
  @Validate
  public void countsOnce() {
    long started = backend.started();
    if (started > 1 || backend.inFlight() != (closed ? 0 : started)) {
      throw new IllegalStateException(
          "started " + started + ", in flight " + backend.inFlight() + ", closed " + closed);
    }
  }

  /** What each operation gives, in any order: nothing. */
  public static final class Expected {
    public void create() {}

    public void close() {}
  }
}
