package dev.tahini.rpc.testing;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call of a backend passes first: it is recorded, and meets the backend's faults. */
final class BackendInterceptor implements ServerInterceptor {
  private final String backend;
  private final AttemptLog log;
  private final FailureDraws failures;
  private final HeldCalls held;
  private final Executor executor;

  BackendInterceptor(
      String backend, AttemptLog log, FailureDraws failures, HeldCalls held, Executor executor) {
    this.backend = backend;
    this.log = log;
    this.failures = failures;
    this.held = held;
    this.executor = executor;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    CallTag tag = CallTag.take(headers);
    String method = call.getMethodDescriptor().getFullMethodName();
    AttemptLog.Entry entry = log.begin(backend, method, tag, headers);
    ServerCall<ReqT, RespT> recorded = new RecordingCall<>(call, entry);
    Failure failure = failures.draw();
    Supplier<ServerCall.Listener<ReqT>> service =
        () -> failure == null ? next.startCall(recorded, headers) : fail(recorded, failure);
    return new RecordingListener<>(entry, start(recorded, service, entry));
  }

  private <ReqT> ServerCall.Listener<ReqT> start(
      ServerCall<ReqT, ?> call,
      Supplier<ServerCall.Listener<ReqT>> service,
      AttemptLog.Entry entry) {
    if (!held.holds()) {
      entry.arrived();
      return recordingErrors(entry, service);
    }
    HeldCall<ReqT> holding =
        new HeldCall<>(service, executor, e -> closeAsUnknown(call, e), held::drop);
    try {
      return recordingErrors(
          entry,
          () -> {
            held.hold(holding);
            return holding;
          });
    } finally {
      entry.arrived();
    }
  }

  private static <ReqT> ServerCall.Listener<ReqT> fail(ServerCall<ReqT, ?> call, Failure failure) {
    call.close(failure.status(), failure.trailers());
    return new ServerCall.Listener<>() {};
  }

  /** As gRPC does with what a service throws. */
  private static void closeAsUnknown(ServerCall<?, ?> call, Throwable thrown) {
    try {
      call.close(unknown(thrown), new Metadata());
    } catch (IllegalStateException closedAlready) {
      // The service threw after it had closed the call: the client has its answer.
    }
  }

  private static Status unknown(Throwable thrown) {
    return Status.UNKNOWN.withDescription("Application error processing RPC").withCause(thrown);
  }

  private static <T> T recordingErrors(AttemptLog.Entry entry, Supplier<T> service) {
    try {
      return service.get();
    } catch (RuntimeException | Error e) {
      entry.end(unknown(e));
      throw e;
    }
  }

  /** Notes how the service ends the call, before the client can know. */
  private static final class RecordingCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private final AttemptLog.Entry entry;

    RecordingCall(ServerCall<ReqT, RespT> call, AttemptLog.Entry entry) {
      super(call);
      this.entry = entry;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      entry.end(status);
      super.close(status, trailers);
    }
  }

  /** Notes that the client went away, or that the service threw. */
  private static final class RecordingListener<ReqT>
      extends SimpleForwardingServerCallListener<ReqT> {
    private final AttemptLog.Entry entry;

    RecordingListener(AttemptLog.Entry entry, ServerCall.Listener<ReqT> delegate) {
      super(delegate);
      this.entry = entry;
    }

    private void recordingErrors(Runnable event) {
      BackendInterceptor.<@Nullable Void>recordingErrors(
          entry,
          () -> {
            event.run();
            return null;
          });
    }

    @Override
    public void onMessage(ReqT message) {
      recordingErrors(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      recordingErrors(super::onHalfClose);
    }

    @Override
    public void onReady() {
      recordingErrors(super::onReady);
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel(); // first: a call that has ended is held by nothing
      } finally {
        entry.end(Status.CANCELLED);
      }
    }

    @Override
    public void onComplete() {
      entry.end(Status.UNKNOWN); // counts only if gRPC, not the service, closed the call
      super.onComplete();
    }
  }
}
