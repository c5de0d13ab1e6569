package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the calls of every client that it is a feature of, scene by scene. Thread-safe; one
 * thread begins the scenes.
 */
final class CallMeter implements ClientFeature, CallEvents {
  private final LongAdder calls = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private volatile SceneMeter scene = new SceneMeter();

  /** Begins a scene. What is under way goes on into it. */
  SceneMeter beginScene() {
    SceneMeter begun = new SceneMeter();
    scene = begun;
    return begun;
  }

  SceneMeter scene() {
    return scene;
  }

  /** All calls of all scenes. */
  long calls() {
    return calls.sum();
  }

  /** Those of them that failed. */
  long failed() {
    return failed.sum();
  }

  /** Told by the caller of each call. */
  void callEnded(String picker, Status status, long nanos) {
    calls.increment();
    if (SceneMeter.isFailure(status)) {
      failed.increment();
    }
    scene.callEnded(picker, status, nanos);
  }

  @Override
  public Optional<CallEvents> events(ClientView client) {
    return Optional.of(this);
  }

  @Override
  public void onAttemptEnd(AttemptEnded event) {
    scene.attemptEnded(
        event.backend().address(), event.pick().picker(), event.status(), event.latencyNanos());
  }
}
