package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class BackendInterceptorTest {
  private final Changes changes = new Changes();
  private final AttemptLog log = new AttemptLog(changes);
  private final HeldCalls held = new HeldCalls(changes);
  private final BackendInterceptor interceptor =
      new BackendInterceptor("a", log, new FailureDraws(), held, Runnable::run);

  @Test
  void callThatCannotBeDelayedIsNotLeftOpen() {
    ScheduledThreadPoolExecutor ended = new ScheduledThreadPoolExecutor(0);
    ended.shutdown();
    held.delay(Duration.ofMinutes(1), ended);

    assertThrows(
        RejectedExecutionException.class,
        () ->
            interceptor.interceptCall(
                new Arrival(), new Metadata(), (call, headers) -> new ServerCall.Listener<>() {}));

    assertEquals(0, log.inFlight());
    assertFalse(log.isArriving());
  }

  @Test
  void serviceGetsACallThatHasArrived() {
    interceptor.interceptCall(
        new Arrival(),
        new Metadata(),
        (call, headers) -> {
          assertFalse(log.isArriving());
          assertEquals(1, log.inFlight());
          return new ServerCall.Listener<>() {};
        });

    assertEquals(1, log.inFlight("a"));
  }

  /** A call of which nobody hears. */
  private static final class Arrival extends ServerCall<String, String> {
    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(String message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<String, String> getMethodDescriptor() {
      return EchoService.ECHO;
    }
  }
}
