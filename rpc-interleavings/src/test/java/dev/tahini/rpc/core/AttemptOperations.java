package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * An attempt of a call that waited counts once at most, and is in flight no more once it has ended,
 * whoever is first. Of others gRPC keeps start and end in order.
 */
public final class AttemptOperations {
  private final SharedState shared = new SharedState(1);
  private final LiveBackend backend = shared.listed.get(0);
  private final ClientStreamTracer attempt = attempt();
  private volatile boolean closed;

  private ClientStreamTracer attempt() {
    List<ClientStreamTracer> made = new ArrayList<>();
    StreamInfo info = StreamInfo.newBuilder().setCallOptions(CallOptions.DEFAULT).build();
    ClientStreamTracer.Factory factory = new AttemptTracer.Factory(shared.channel, backend, false);
    shared.channel.publishing(() -> made.add(factory.newClientStreamTracer(info, new Metadata())));
    return made.get(0);
  }

  @Operation
  public void begin() {
    attempt.outboundHeaders();
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
    public void begin() {}

    public void close() {}
  }
}
