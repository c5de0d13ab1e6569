package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.retry.RetryEngine.Again;
import dev.tahini.rpc.retry.RetryEngine.Next;
import dev.tahini.rpc.retry.RetryEngine.Over;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call with one message that is made again: at once where no server saw its attempt, after a
 * delay where the policy says so, and beside one that takes long where it is hedged. What its
 * caller does is noted until an attempt is answered; each later attempt catches up with that.
 *
 * <p>The script's monitor guards it and all that follows here; nothing foreign runs under it. While
 * an attempt catches up, what the caller does is noted only. Until one is answered the caller hears
 * nothing, but {@code onReady} where attempts follow each other; so callbacks never overlap.
 */
final class RetriedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> implements DueAttempt.Owner {
  /** gRPC allows 1000; who needs more than a few tries has another problem. */
  static final int MOST_UNSENT = 100;

  private final MethodRetry plan;
  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private final Channel next;
  private final Attempts attempts;
  private final @Nullable OuterAttempt outer;
  private final Context context = Context.current();
  private final CallScript<ReqT> script = new CallScript<>();
  private @Nullable Listener<RespT> callers;
  private @Nullable Metadata headers;
  private long startNanos;

  private CallAttempt<ReqT, RespT> newest;
  private List<CallAttempt<ReqT, RespT>> alive;
  private @Nullable CallAttempt<ReqT, RespT> winner;
  private @Nullable DueAttempt due;
  private @Nullable List<Outcome> outcomes;
  private int made = 1;
  private int unsent;
  private boolean wasRefused;
  private boolean isAsked;
  private boolean isTellingReady;
  private boolean isStopped;
  private boolean isSettled;
  private boolean hasEnded;

  /**
   * Makes the first attempt, to be started.
   *
   * @param outer the retry around code that the call is made in, whose attempts count
   */
  RetriedCall(
      MethodRetry plan,
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      Channel next,
      @Nullable OuterAttempt outer) {
    this.plan = plan;
    this.method = method;
    this.options = options;
    this.next = next;
    this.outer = outer;
    this.attempts = outer == null ? new Attempts() : outer.attemptsOfCall();
    this.newest = newAttempt(attempts, 1, Duration.ZERO);
    this.alive = List.of(newest);
  }

  private CallAttempt<ReqT, RespT> newAttempt(Attempts where, int number, Duration delayBefore) {
    CallOptions limited = plan.limited(options, context).withOption(Attempts.OPTION, where);
    return new CallAttempt<>(
        this, next.newCall(method, limited), where, now(), number, delayBefore);
  }

  private long now() {
    return plan.time().ticker().nanoTime();
  }

  @Override
  public void start(Listener<RespT> listener, Metadata given) {
    callers = listener;
    headers = CallAttempt.copyOf(given, 0);
    startNanos = newest.startNanos();
    if (plan.engine() != null) {
      plan.engine().noteCall();
    }
    newest.call().start(newest, given);
  }

  Listener<RespT> callers() {
    return requireNonNull(callers, "started");
  }

  /** An attempt is answered: all others are given up. False if it came too late. */
  boolean wins(CallAttempt<ReqT, RespT> attempt) {
    Leavers leavers;
    synchronized (script) {
      if (attempt.isOut() || winner != null) {
        return false;
      }
      winner = attempt;
      leavers = settle(without(attempt));
      alive = List.of(attempt);
      forgetIfDone();
    }
    leavers.leave();
    plan.noteLatency(startNanos);
    return true;
  }

  /** Hedged calls hear of it as long as there is one attempt: hedges wait until they have. */
  boolean mayTellReady(CallAttempt<ReqT, RespT> attempt) {
    synchronized (script) {
      attempt.noteStarted(); // before start() has returned, and the caller will ask
      if (attempt.isOut() || (plan.hedging() != null && winner != attempt && isAsked)) {
        return false;
      }
      isTellingReady = true;
      return true;
    }
  }

  void toldReady() {
    synchronized (script) {
      isTellingReady = false;
    }
    hedgeLater();
  }

  void ended(CallAttempt<ReqT, RespT> attempt, Status status, Metadata trailers) {
    boolean isAnew = false;
    boolean hasOthers;
    List<Outcome> soFar = List.of();
    long endNanos = status.isOk() ? 0 : now();
    synchronized (script) {
      if (attempt.isOut()) {
        return;
      }
      attempt.end();
      alive = without(attempt);
      hasOthers = !alive.isEmpty();
      if (!isSettled && !status.isOk() && !script.isCancelled()) {
        isAnew = mayBeginAnew(attempt.where().fate(status));
        boolean isDecided = isAnew || plan.engine() == null;
        soFar = isDecided ? soFar : note(attempt.outcome(status, trailers, endNanos));
      }
    }
    if (isAnew) {
      begin(attempt.number(), attempt.delayBefore());
    } else if (soFar.isEmpty()) {
      finish(attempt, status, trailers);
    } else {
      goOn(attempt, soFar, hasOthers, trailers);
    }
  }

  private List<Outcome> note(Outcome outcome) {
    List<Outcome> all = outcomes == null ? new ArrayList<>() : outcomes;
    all.add(outcome);
    outcomes = all;
    return List.copyOf(all);
  }

  /** gRFC A6's transparent retries. */
  private boolean mayBeginAnew(AttemptFate fate) {
    return switch (fate) {
      case PROCESSED -> false;
      case NEVER_SENT -> ++unsent <= MOST_UNSENT;
      case REFUSED -> {
        boolean isFirst = !wasRefused;
        wasRefused = true;
        yield isFirst;
      }
    };
  }

  /** An attempt failed: waits for the others, or asks what comes next. */
  private void goOn(
      CallAttempt<ReqT, RespT> failed, List<Outcome> soFar, boolean hasOthers, Metadata trailers) {
    RetryEngine engine = requireNonNull(plan.engine());
    if (hasOthers && engine.mayOthersSucceed(method, soFar.get(soFar.size() - 1))) {
      hedgeSooner(ServerWish.in(trailers));
      return;
    }
    long took = now() - startNanos;
    Duration left =
        AttemptDeadline.left(AttemptDeadline.earlier(options.getDeadline(), context.getDeadline()));
    Next decided = engine.next(method, soFar, hasMoreAttempts(), left, took);
    if (decided instanceof Again again) {
      expect(new DueAttempt(again.delay(), false));
    } else {
      finish(failed, ((Over) decided).status(), trailers);
    }
  }

  private boolean hasMoreAttempts() {
    Hedging hedging = plan.hedging();
    synchronized (script) {
      return hedging == null || (!isStopped && made < hedging.maxAttempts());
    }
  }

  private void hedgeLater() {
    Hedging hedging = plan.hedging();
    if (hedging != null) {
      expect(new DueAttempt(Duration.ofNanos(plan.hedgeDelayNanos(hedging)), true));
    }
  }

  /** As gRFC A6 has it: an attempt that failed brings the next forward, unless a server objects. */
  private void hedgeSooner(ServerWish wish) {
    DueAttempt dropped = null;
    synchronized (script) {
      isStopped = isStopped || wish.isNoMore();
      if (due != null && due.isHedge()) {
        dropped = due;
        due = null;
      }
    }
    if (dropped != null) {
      dropped.drop(context);
    }
    expect(new DueAttempt(wish.delay() == null ? Duration.ZERO : wish.delay(), true));
  }

  /** Waits for an attempt, if there is to be one; a hedge never takes the place of another. */
  private void expect(DueAttempt coming) {
    DueAttempt replaced = null;
    boolean isWanted;
    Status status;
    synchronized (script) {
      boolean isTooMany = !alive.isEmpty() && !hasMoreAttempts();
      if (hasEnded || winner != null || isTooMany || (coming.isHedge() && !mayHedge())) {
        return;
      }
      isWanted = !script.isCancelled();
      status = script.cancelledStatus();
      if (isWanted) {
        replaced = due;
        due = coming;
      }
    }
    if (replaced != null) {
      replaced.drop(context);
    }
    if (isWanted) {
      await(coming);
    } else {
      finish(null, status, new Metadata());
    }
  }

  /** With an attempt on its way beside which it is; else whoever saw the last one end decides. */
  private boolean mayHedge() {
    return due == null
        && isAsked
        && !isTellingReady
        && !isSettled
        && !script.isCancelled()
        && !alive.isEmpty()
        && hasMoreAttempts();
  }

  private void await(DueAttempt coming) {
    try {
      coming.await(this, context, plan.time().scheduler());
    } catch (RejectedExecutionException e) {
      cancelDue(coming, refused("the scheduler takes no tasks", e));
    }
  }

  @Override
  public void isDue(DueAttempt attempt) {
    execute(
        () -> beginDue(attempt),
        e -> cancelDue(attempt, refused("its executor takes no tasks", e)));
  }

  private void beginDue(DueAttempt attempt) {
    int number;
    boolean isMoot;
    synchronized (script) {
      if (due != attempt) {
        return;
      }
      due = null;
      isMoot = attempt.isHedge() && alive.isEmpty(); // who saw it end decides
      number = isMoot ? made : ++made;
    }
    attempt.drop(context);
    if (isMoot) {
      return;
    }
    if (!attempt.isHedge()
        || requireNonNull(plan.engine()).mayHedge(method, number, attempt.delay())) {
      begin(number, attempt.delay());
      hedgeLater();
    } else {
      synchronized (script) {
        made--;
      }
    }
  }

  /** What is due is not wanted any more; where no attempt is on its way, the call has ended. */
  @Override
  public void cancelDue(DueAttempt attempt, Status status) {
    boolean isAlone;
    synchronized (script) {
      if (due != attempt) {
        return;
      }
      due = null;
      isAlone = alive.isEmpty();
    }
    attempt.drop(context);
    if (isAlone) {
      Runnable end = () -> finish(null, status, new Metadata());
      execute(end, e -> context.run(end));
    }
  }

  private static Status refused(String why, RejectedExecutionException cause) {
    return Status.UNAVAILABLE
        .withDescription("the call cannot be made again: " + why)
        .withCause(cause);
  }

  /** Where the call's callbacks run, if it says so; else where an attempt may be begun. */
  private void execute(Runnable task, Consumer<RejectedExecutionException> otherwise) {
    Executor own = options.getExecutor();
    try {
      (own == null ? plan.executor() : own).execute(context.wrap(task));
    } catch (RejectedExecutionException e) {
      otherwise.accept(e);
    }
  }

  private void begin(int number, Duration delayBefore) {
    Context before = context.attach();
    CallAttempt<ReqT, RespT> attempt = null;
    try {
      attempt = newAttempt(attempts.next(), number, delayBefore);
      if (joins(attempt)) {
        attempt.begin(CallAttempt.copyOf(requireNonNull(headers), number - 1));
      } else {
        attempt.call().cancel("the call has ended", null);
      }
    } catch (RuntimeException | Error e) { // of something below
      cannotBegin(attempt, e);
    } finally {
      context.detach(before);
    }
  }

  private boolean joins(CallAttempt<ReqT, RespT> attempt) {
    synchronized (script) {
      if (hasEnded || winner != null) {
        return false;
      }
      newest = attempt;
      alive = with(attempt);
      attempt.follow(script);
      return true;
    }
  }

  private void cannotBegin(@Nullable CallAttempt<ReqT, RespT> attempt, Throwable why) {
    Status status = Status.fromThrowable(why);
    if (attempt != null) {
      attempt.call().cancel("it cannot be made again", why);
      ended(attempt, status, new Metadata());
    } else if (isAlone()) {
      finish(null, status, new Metadata());
    }
  }

  /** No attempt is on its way. */
  private boolean isAlone() {
    synchronized (script) {
      return alive.isEmpty();
    }
  }

  /** The call ends, unless another attempt than this was answered. */
  private void finish(@Nullable CallAttempt<ReqT, RespT> by, Status status, Metadata trailers) {
    Leavers leavers;
    boolean isAnswer;
    synchronized (script) {
      if (hasEnded || (winner != null && winner != by)) {
        return;
      }
      hasEnded = true;
      isAnswer = winner == null && status.isOk();
      leavers = settle(alive);
      alive = List.of();
      forgetIfDone();
    }
    leavers.leave();
    if (isAnswer) {
      plan.noteLatency(startNanos);
    }
    if (by != null && outer != null && !status.isOk()) {
      outer.noteFailed(by.where().backend());
    }
    callers().onClose(status, trailers);
  }

  /** What is given up, outside of the monitor. */
  private final class Leavers {
    private final @Nullable DueAttempt due;
    private final List<CallAttempt<ReqT, RespT>> attempts;

    Leavers(@Nullable DueAttempt due, List<CallAttempt<ReqT, RespT>> attempts) {
      this.due = due;
      this.attempts = attempts;
    }

    void leave() {
      if (due != null) {
        due.drop(context);
      }
      attempts.forEach(CallAttempt::giveUp);
    }
  }

  /** No attempt follows; those are given up. */
  private Leavers settle(List<CallAttempt<ReqT, RespT>> losers) {
    Leavers leavers = new Leavers(due, losers);
    isSettled = true;
    due = null;
    losers.forEach(CallAttempt::leave);
    return leavers;
  }

  private List<CallAttempt<ReqT, RespT>> without(CallAttempt<ReqT, RespT> attempt) {
    return alive.size() == 1 && alive.get(0) == attempt
        ? List.of()
        : alive.stream().filter(each -> each != attempt).toList();
  }

  private List<CallAttempt<ReqT, RespT>> with(CallAttempt<ReqT, RespT> attempt) {
    return alive.isEmpty()
        ? List.of(attempt)
        : Stream.concat(alive.stream(), Stream.of(attempt)).toList();
  }

  /** What a later attempt does next to catch up; null if it has, or need not. */
  @Nullable Consumer<ClientCall<ReqT, ?>> nextStep(CallAttempt<ReqT, RespT> attempt) {
    synchronized (script) {
      Consumer<ClientCall<ReqT, ?>> step = attempt.nextStep();
      if (step == null) {
        forgetIfDone();
      }
      return step;
    }
  }

  /** While it caught up: then it cancels itself. */
  boolean wasGivenUp(CallAttempt<ReqT, RespT> attempt) {
    synchronized (script) {
      return attempt.cancelsItself();
    }
  }

  /** Nobody will read the script, or those who do have. */
  private void forgetIfDone() {
    boolean hasHeir = hasEnded || !alive.isEmpty();
    if (isSettled && hasHeir && alive.stream().noneMatch(CallAttempt::isCatchingUp)) {
      script.forget();
    }
  }

  private boolean isNoted() {
    return !hasEnded && (!isSettled || alive.isEmpty() || reached().size() < alive.size());
  }

  /** Whom the caller's doings reach at once: those that have caught up. */
  private List<CallAttempt<ReqT, RespT>> reached() {
    if (alive.size() == 1) {
      return alive.get(0).isCatchingUp() ? List.of() : alive;
    }
    return alive.stream().filter(each -> !each.isCatchingUp()).toList();
  }

  @Override
  public void request(int messages) {
    List<CallAttempt<ReqT, RespT>> reached;
    synchronized (script) {
      if (isNoted()) {
        script.request(messages);
      }
      reached = reached();
    }
    for (CallAttempt<ReqT, RespT> attempt : reached) {
      attempt.call().request(messages);
    }
  }

  @Override
  public void sendMessage(ReqT message) {
    boolean isKept = plan.keeps(method, message);
    List<CallAttempt<ReqT, RespT>> reached;
    synchronized (script) {
      boolean isOnly = !isNoted() || script.send(message);
      if (!isKept || !isOnly) {
        isSettled = true; // too large; or a second one, which the server will refuse
      }
      reached = reached();
    }
    for (CallAttempt<ReqT, RespT> attempt : reached) {
      attempt.call().sendMessage(message);
    }
  }

  @Override
  public void halfClose() {
    List<CallAttempt<ReqT, RespT>> reached;
    synchronized (script) {
      script.halfClose();
      reached = reached();
      forgetIfDone();
    }
    for (CallAttempt<ReqT, RespT> attempt : reached) {
      attempt.call().halfClose();
    }
    synchronized (script) {
      isAsked = true; // and may be cancelled: no message follows
    }
    hedgeLater();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    List<CallAttempt<ReqT, RespT>> reached;
    DueAttempt waiting;
    Status status;
    synchronized (script) {
      script.cancel(message, cause);
      status = script.cancelledStatus();
      reached = reached();
      waiting = due;
    }
    for (CallAttempt<ReqT, RespT> attempt : reached) {
      attempt.call().cancel(message, cause);
    }
    if (waiting != null) {
      cancelDue(waiting, status);
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    List<CallAttempt<ReqT, RespT>> reached;
    synchronized (script) {
      script.compress(enabled);
      reached = reached();
    }
    for (CallAttempt<ReqT, RespT> attempt : reached) {
      attempt.call().setMessageCompression(enabled);
    }
  }

  @Override
  public boolean isReady() {
    CallAttempt<ReqT, RespT> asked;
    synchronized (script) {
      asked = alive.isEmpty() || script.isHalfClosed() ? null : newestAlive();
    }
    return asked != null && asked.call().isReady();
  }

  private @Nullable CallAttempt<ReqT, RespT> newestAlive() {
    CallAttempt<ReqT, RespT> last = alive.get(alive.size() - 1);
    return last.isStarting() ? null : last;
  }

  @Override
  public Attributes getAttributes() {
    CallAttempt<ReqT, RespT> asked;
    synchronized (script) {
      asked = winner == null ? newest : winner;
    }
    return asked.call().getAttributes();
  }
}
