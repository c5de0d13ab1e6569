package dev.tahini.rpc.retry;

import com.google.common.util.concurrent.AbstractFuture;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.retry.RetryEngine.Again;
import dev.tahini.rpc.retry.RetryEngine.Next;
import dev.tahini.rpc.retry.RetryEngine.Over;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that are futures. They follow each other, each begun by the end of the one before; only
 * the cancellation of the result, and that of the context, come from outside.
 */
final class AsyncRetry<T> extends AbstractFuture<T> implements DueAttempt.Owner {
  private final RetriedCode code;
  private final Supplier<ListenableFuture<T>> body;
  private final Predicate<? super T> again;
  private final ScheduledExecutorService scheduler;
  private final Executor executor;
  private volatile @Nullable ListenableFuture<T> current;
  private volatile @Nullable DueAttempt due;

  AsyncRetry(
      RetriedCode code,
      Supplier<ListenableFuture<T>> body,
      Predicate<? super T> again,
      ScheduledExecutorService scheduler,
      Executor executor) {
    this.code = code;
    this.body = body;
    this.again = again;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  /** The first, on the caller's thread; later ones on the executor. */
  void attempt() {
    if (code.base().isCancelled()) {
      cancelled(Contexts.statusFromCancelled(code.base()));
      return;
    }
    Context.CancellableContext context = code.begin();
    ListenableFuture<T> made;
    try {
      made = context.call(body::get);
    } catch (Exception e) {
      made = Futures.immediateFailedFuture(e);
    }
    current = made;
    if (isDone()) {
      made.cancel(true);
    }
    Futures.addCallback(made, new End(context), Runnable::run);
  }

  private final class End implements FutureCallback<T> {
    private final Context.CancellableContext context;

    End(Context.CancellableContext context) {
      this.context = context;
    }

    @Override
    public void onSuccess(@Nullable T result) {
      context.close();
      try {
        if (!again.test(result)) {
          set(result);
        } else if (goesOn(code.failed(new UnwantedResult(String.valueOf(result))))) {
          return;
        } else if (code.base().isCancelled()) {
          cancelled(Contexts.statusFromCancelled(code.base()));
        } else {
          set(result);
        }
      } catch (RuntimeException | Error e) { // the predicate's
        setException(e);
      }
    }

    @Override
    public void onFailure(Throwable failure) {
      context.close();
      if (isDone()) {
        return;
      }
      if (failure instanceof Error) {
        setException(failure);
        return;
      }
      Next next = code.failed(failure);
      if (!goesOn(next)) {
        setException(code.exception(((Over) next).status()));
      }
    }
  }

  private boolean goesOn(Next next) {
    if (!(next instanceof Again more)) {
      return false;
    }
    DueAttempt coming = new DueAttempt(more.delay(), false);
    due = coming;
    coming.await(this, code.base(), scheduler);
    if (isDone()) {
      coming.drop(code.base());
    }
    return true;
  }

  @Override
  public void isDue(DueAttempt attempt) {
    try {
      executor.execute(
          () -> {
            attempt.drop(code.base());
            if (!isDone()) {
              attempt();
            }
          });
    } catch (RejectedExecutionException e) {
      setException(
          Status.UNAVAILABLE
              .withDescription("the executor of the retry takes no tasks")
              .withCause(e)
              .asRuntimeException());
    }
  }

  @Override
  public void cancelDue(DueAttempt attempt, Status status) {
    attempt.drop(code.base());
    cancelled(status);
  }

  private void cancelled(Status status) {
    setException(code.exception(code.ofContext(status)));
  }

  @Override
  protected void afterDone() {
    DueAttempt waiting = due;
    if (waiting != null) {
      waiting.drop(code.base());
    }
    ListenableFuture<T> attempt = current;
    if (attempt != null && isCancelled()) {
      attempt.cancel(wasInterrupted());
    }
  }
}
