package dev.tahini.rpc.testing;

import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that its service does not get yet: keeps what arrives until {@link #goOn}, then hands it
 * over in order. No thread waits.
 *
 * <p>Thread-safe: the state is confined to a synchronization context, in which the service's
 * listener runs too, on gRPC's threads for this call or on the one that goes on.
 */
final class HeldCall<ReqT> extends ServerCall.Listener<ReqT> {
  private final Context context = Context.current();
  private final Supplier<ServerCall.Listener<ReqT>> service;
  private final Executor executor;
  private final Consumer<? super HeldCall<ReqT>> onCancelledBefore;
  private final SynchronizationContext serially;

  private List<Consumer<ServerCall.Listener<ReqT>>> kept = new ArrayList<>();
  private ServerCall.@Nullable Listener<ReqT> handedTo;
  private boolean cancelled;

  /**
   * A call of the current context.
   *
   * @param service starts the call there
   * @param executor where it is started
   * @param onError what to do with what the service throws, which gRPC would not get to see
   * @param onCancelledBefore told if the call ends while it is kept
   */
  HeldCall(
      Supplier<ServerCall.Listener<ReqT>> service,
      Executor executor,
      Consumer<Throwable> onError,
      Consumer<? super HeldCall<ReqT>> onCancelledBefore) {
    this.service = service;
    this.executor = executor;
    this.onCancelledBefore = onCancelledBefore;
    this.serially = new SynchronizationContext((thread, e) -> onError.accept(e));
  }

  /** Lets the service have the call, unless it was cancelled; once. Does not wait for it. */
  void goOn() {
    executor.execute(context.wrap(() -> serially.execute(this::handOver)));
  }

  private void handOver() {
    if (cancelled || handedTo != null) {
      return;
    }
    ServerCall.Listener<ReqT> listener = service.get();
    handedTo = listener;
    List<Consumer<ServerCall.Listener<ReqT>>> events = kept;
    kept = List.of();
    events.forEach(event -> event.accept(listener));
  }

  private void deliver(Consumer<ServerCall.Listener<ReqT>> event) {
    serially.execute(
        () -> {
          if (handedTo != null) {
            event.accept(handedTo);
          } else {
            kept.add(event);
          }
        });
  }

  @Override
  public void onMessage(ReqT message) {
    deliver(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    deliver(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onReady() {
    deliver(ServerCall.Listener::onReady);
  }

  @Override
  public void onComplete() {
    deliver(ServerCall.Listener::onComplete);
  }

  @Override
  public void onCancel() {
    serially.execute(
        () -> {
          if (handedTo != null) {
            handedTo.onCancel();
          } else {
            cancelled = true;
            kept.clear();
            onCancelledBefore.accept(this);
          }
        });
  }
}
