package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The backend to which the calls of one {@link RpcClient#call} go. The first pick proposes it; as
 * long as no stream was made there another pick may replace it; the first stream fixes it. One
 * atomic is the whole state.
 */
final class Pin {
  static final CallOptions.Key<@Nullable Pin> OPTION =
      CallOptions.Key.create("dev.tahini.rpc.core.Pin");

  private final AtomicReference<@Nullable Choice> choice = new AtomicReference<>();

  private record Choice(LiveBackend backend, boolean fixed) {}

  /** Where the next call must go, or null if it may choose: nothing is fixed, or usable. */
  @Nullable LiveBackend backend() {
    Choice now = choice.get();
    return now != null && (now.fixed() || now.backend().canBeAwaited()) ? now.backend() : null;
  }

  /** Proposes a backend; the answer is where the call goes, which another call may have decided. */
  LiveBackend propose(LiveBackend backend) {
    while (true) {
      Choice now = choice.get();
      if (now != null && (now.fixed() || now.backend().canBeAwaited())) {
        return now.backend();
      }
      if (choice.compareAndSet(now, new Choice(backend, false))) {
        return backend;
      }
    }
  }

  /** A stream was made: from now on every call goes where the first one went. */
  void fix(LiveBackend backend) {
    Choice now = choice.get();
    while ((now == null || !now.fixed()) && !choice.compareAndSet(now, new Choice(backend, true))) {
      now = choice.get();
    }
  }
}
