package dev.tahini.rpc.retry;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An interceptor over {@link FakeAttempts} in {@link FakeTime}, on the test's thread. */
final class RetryProbe {
  static final Duration DELAY = Duration.ofMillis(10);
  private static final Backoff STEADY = new Backoff(DELAY, 1, DELAY, 0);

  final FakeTime time = new FakeTime();
  final FakeAttempts attempts = new FakeAttempts();
  final Caller caller = new Caller();
  final List<CallEvents.RetryDecided> retries = new ArrayList<>();
  final List<CallEvents.HedgeDue> hedges = new ArrayList<>();
  RetryOptions options = RetryOptions.defaults().withPolicy(steady());
  @Nullable RetryBudget budget;
  CallOptions callOptions = CallOptions.DEFAULT.withExecutor(Runnable::run);
  private @Nullable RetryInterceptor interceptor;

  /** 10 ms apart, up to 5 attempts. */
  static StandardRetryPolicy steady() {
    return StandardRetryPolicy.defaults().withBackoff(STEADY);
  }

  RetryProbe with(RetryPolicy policy) {
    options = options.withPolicy(policy);
    return this;
  }

  RetryProbe with(Hedging hedging) {
    options = options.withHedging(hedging);
    return this;
  }

  RetryProbe on(Executor executor) {
    callOptions = callOptions.withExecutor(executor);
    return this;
  }

  ClientCall<String, String> call(MethodDescriptor<String, String> method) {
    RetryInterceptor made = interceptor;
    if (made == null) {
      made =
          new RetryInterceptor(
              RetryRules.all(options), budget, time, new Events(), null, Runnable::run);
      interceptor = made;
    }
    return made.interceptCall(method, callOptions, attempts);
  }

  /** As a stub of unary calls does. */
  ClientCall<String, String> ask(MethodDescriptor<String, String> method, Caller who) {
    ClientCall<String, String> call = call(method);
    call.start(who, new Metadata());
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
    return call;
  }

  ClientCall<String, String> ask(MethodDescriptor<String, String> method) {
    return ask(method, caller);
  }

  FakeAttempts.Attempt attempt(int index) {
    return attempts.made.get(index);
  }

  int made() {
    return attempts.made.size();
  }

  void pass(Duration duration) {
    time.advance(duration);
  }

  List<Duration> timers() {
    return time.scheduler().pending();
  }

  static Backend backend(String address) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (self, method, args) ->
                switch (method.getName()) {
                  case "address", "toString" -> address;
                  case "equals" -> self == args[0];
                  case "hashCode" -> address.hashCode();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private final class Events implements CallEvents {
    @Override
    public void onRetry(RetryDecided event) {
      retries.add(event);
    }

    @Override
    public void onHedge(HedgeDue event) {
      hedges.add(event);
    }
  }
}
