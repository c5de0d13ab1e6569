package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopGuardTest {
  private static final Duration LIMIT = Duration.ofMillis(100);

  private final FakeTime time = new FakeTime();
  private final List<String> reports = new ArrayList<>();
  private final List<Throwable> stacks = new ArrayList<>();
  private final EventLoopGuard guard =
      new EventLoopGuard(
          time,
          LIMIT,
          (what, where) -> {
            reports.add(what);
            stacks.add(where);
          });

  @BeforeEach
  void start() {
    guard.start();
  }

  @Test
  void callbackThatHoldsTheEventLoopUpIsReportedOnceWithItsStack() {
    call(() -> blockFor(Duration.ofSeconds(5)));

    assertEquals(1, reports.size());
    assertTrue(reports.get(0).startsWith("a callback of test/Call holds up"), reports.get(0));
    assertTrue(
        Arrays.stream(stacks.get(0).getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("blockFor")));
  }

  @Test
  void eachCallbackThatHoldsItUpIsReported() {
    call(() -> blockFor(LIMIT.multipliedBy(2)));
    call(() -> blockFor(LIMIT.multipliedBy(2)));

    assertEquals(2, reports.size());
  }

  @Test
  void callbacksThatReturnSoonAreNotReported() {
    for (int i = 0; i < 100; i++) {
      call(() -> blockFor(LIMIT.dividedBy(3)));
    }

    assertEquals(List.of(), reports);
  }

  @Test
  void callbackInsideOfAnotherIsTheOther() {
    call(
        () -> {
          call(() -> {});
          blockFor(LIMIT.multipliedBy(2));
        });

    assertEquals(1, reports.size());
  }

  @Test
  void callbackThatThrewRunsNoMore() {
    try {
      call(
          () -> {
            throw new IllegalStateException("broken");
          });
    } catch (IllegalStateException broken) {
      // as the listener wants it
    }
    time.pass(LIMIT.multipliedBy(5));

    assertEquals(List.of(), reports);
  }

  @Test
  void closedGuardSchedulesNothing() {
    guard.close();

    assertEquals(List.of(), time.timers());
  }

  /** Looks come from another thread in life; the time of a test passes on its own. */
  private void blockFor(Duration duration) {
    time.pass(duration);
  }

  private void call(Runnable callback) {
    ClientCall<String, String> call =
        guard.interceptCall(method(), CallOptions.DEFAULT, new Answering());
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            callback.run();
          }
        },
        new Metadata());
  }

  @SuppressWarnings("unchecked") // nothing is sent
  private static MethodDescriptor<String, String> method() {
    return ((MethodDescriptor<String, String>) ChannelState.NO_METHOD)
        .toBuilder().setFullMethodName("test/Call").build();
  }

  /** Ends each call at once. */
  private static final class Answering extends Channel {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options) {
      return new ClientCall<>() {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          listener.onClose(Status.OK, new Metadata());
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(ReqT message) {}
      };
    }

    @Override
    public String authority() {
      return "test";
    }
  }
}
