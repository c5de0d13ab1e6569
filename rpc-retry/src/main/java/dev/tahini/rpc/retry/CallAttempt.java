package dev.tahini.rpc.retry;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.RetryPolicy.Outcome;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a {@link RetriedCall}, whose script's monitor guards what changes here. Its
 * callbacks follow each other.
 */
final class CallAttempt<ReqT, RespT> extends ClientCall.Listener<RespT> {
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final RetriedCall<ReqT, RespT> owner;
  private final ClientCall<ReqT, RespT> call;
  private final Attempts where;
  private final long startNanos;
  private final int number;
  private final Duration delayBefore;
  private CallScript<ReqT>.@Nullable Reading reading;
  private boolean isStarting;
  private boolean isCatchingUp;
  private boolean isOut;
  private boolean cancelsItself;
  private boolean hasWon; // only by its callbacks

  CallAttempt(
      RetriedCall<ReqT, RespT> owner,
      ClientCall<ReqT, RespT> call,
      Attempts where,
      long startNanos,
      int number,
      Duration delayBefore) {
    this.owner = owner;
    this.call = call;
    this.where = where;
    this.startNanos = startNanos;
    this.number = number;
    this.delayBefore = delayBefore;
  }

  /** gRPC and credentials add to what an attempt was given. */
  static Metadata copyOf(Metadata headers, int previousAttempts) {
    Metadata copy = new Metadata();
    copy.merge(headers);
    if (previousAttempts > 0) {
      copy.discardAll(PREVIOUS_ATTEMPTS);
      copy.put(PREVIOUS_ATTEMPTS, Integer.toString(previousAttempts));
    }
    return copy;
  }

  ClientCall<ReqT, RespT> call() {
    return call;
  }

  Attempts where() {
    return where;
  }

  long startNanos() {
    return startNanos;
  }

  /** From 1 on; of what no server saw, and is made again, the same. */
  int number() {
    return number;
  }

  Duration delayBefore() {
    return delayBefore;
  }

  Outcome outcome(Status status, Metadata trailers, long nowNanos) {
    Backend backend = where.backend();
    return new Outcome(
        status,
        trailers,
        backend == null ? null : backend.address(),
        Duration.ofNanos(nowNanos - startNanos),
        delayBefore);
  }

  /** A later one: does what was done so far, once it is begun. */
  void follow(CallScript<ReqT> script) {
    isStarting = true;
    isCatchingUp = true;
    reading = script.new Reading();
  }

  /** Outside of the monitor. */
  void begin(Metadata headers) {
    call.start(this, headers);
    Consumer<ClientCall<ReqT, ?>> step = owner.nextStep(this);
    while (step != null) {
      step.accept(call);
      step = owner.nextStep(this);
    }
    if (owner.wasGivenUp(this)) {
      call.cancel("the call has ended", null);
    }
  }

  @Nullable Consumer<ClientCall<ReqT, ?>> nextStep() {
    isStarting = false;
    Consumer<ClientCall<ReqT, ?>> step = isOut || reading == null ? null : reading.next();
    isCatchingUp = step != null;
    return step;
  }

  boolean isStarting() {
    return isStarting;
  }

  void noteStarted() {
    isStarting = false;
  }

  boolean isCatchingUp() {
    return isCatchingUp;
  }

  /** It has ended, or is given up: what it says is not heard. */
  boolean isOut() {
    return isOut;
  }

  void end() {
    isOut = true;
  }

  void leave() {
    isOut = true;
    cancelsItself = isCatchingUp;
  }

  boolean cancelsItself() {
    return cancelsItself;
  }

  /** After it was left, outside of the monitor. */
  void giveUp() {
    if (!cancelsItself) {
      call.cancel("another attempt has ended the call", null);
    }
  }

  @Override
  public void onHeaders(Metadata headers) {
    if (wins()) {
      owner.callers().onHeaders(headers);
    }
  }

  @Override
  public void onMessage(RespT message) {
    if (wins()) {
      owner.callers().onMessage(message);
    }
  }

  private boolean wins() {
    hasWon = hasWon || owner.wins(this);
    return hasWon;
  }

  @Override
  public void onReady() {
    if (owner.mayTellReady(this)) {
      try {
        owner.callers().onReady();
      } finally {
        owner.toldReady();
      }
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    owner.ended(this, status, trailers);
  }
}
