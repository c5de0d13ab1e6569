package dev.tahini.rpc.benchmarks.fleet;

import com.google.protobuf.ByteString;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc.EchoBlockingStub;
import dev.tahini.rpc.benchmarks.echo.v1.EchoMessage;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls that go on all the time, each caller's one after the other, until it is closed. Its methods
 * are for one thread.
 */
public final class Traffic implements AutoCloseable {
  private static final int CALLERS = 4;
  private static final int LONGEST_CALL_SECONDS = 10;
  private static final EchoMessage REQUEST =
      EchoMessage.newBuilder().setPayload(ByteString.copyFrom(new byte[100])).build();

  private final LongAdder calls = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable StatusRuntimeException> firstFailure =
      new AtomicReference<>();
  private final CountDownLatch running = new CountDownLatch(CALLERS);
  private final EchoBlockingStub stub;
  private volatile boolean goesOn = true;

  /** Begins. */
  public Traffic(EchoBlockingStub stub) {
    this.stub = stub;
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(this::call, "caller-" + i);
      caller.setDaemon(true);
      caller.start();
    }
  }

  private void call() {
    try {
      while (goesOn) {
        callOnce();
      }
    } finally {
      running.countDown();
    }
  }

  private void callOnce() {
    calls.increment();
    try {
      var unused = stub.withDeadlineAfter(LONGEST_CALL_SECONDS, TimeUnit.SECONDS).say(REQUEST);
    } catch (StatusRuntimeException e) {
      failures.increment();
      firstFailure.compareAndSet(null, e);
    }
  }

  public long calls() {
    return calls.sum();
  }

  public long failures() {
    return failures.sum();
  }

  /** Why the first call failed that did; null if none. */
  public @Nullable StatusRuntimeException firstFailure() {
    return firstFailure.get();
  }

  /** Waits for calls in flight; what was counted stays. */
  @Override
  public void close() {
    goesOn = false;
    try {
      if (!running.await(2 * LONGEST_CALL_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("callers: " + running.getCount() + " do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("callers: interrupted", e);
    }
  }
}
