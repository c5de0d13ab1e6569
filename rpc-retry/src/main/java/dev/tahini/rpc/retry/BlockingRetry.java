package dev.tahini.rpc.retry;

import dev.tahini.rpc.retry.RetryEngine.Again;
import dev.tahini.rpc.retry.RetryEngine.Next;
import dev.tahini.rpc.retry.RetryEngine.Over;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Attempts on the thread that wants the result. */
final class BlockingRetry {
  private final RetriedCode code;
  private final ScheduledExecutorService scheduler;

  BlockingRetry(RetriedCode code, ScheduledExecutorService scheduler) {
    this.code = code;
    this.scheduler = scheduler;
  }

  <T> T call(Callable<T> body, Predicate<? super T> again) {
    while (true) {
      if (code.base().isCancelled()) {
        throw code.exception(code.ofContext(Contexts.statusFromCancelled(code.base())));
      }
      Next next;
      Context.CancellableContext context = code.begin();
      try {
        T result = context.call(body);
        if (!again.test(result)) {
          return result;
        }
        next = code.failed(new UnwantedResult(String.valueOf(result)));
        if (next instanceof Over && !code.base().isCancelled()) {
          return result;
        }
      } catch (Exception e) {
        next = code.failed(e);
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
      } finally {
        context.close();
      }
      if (next instanceof Over over) {
        throw code.exception(over.status());
      }
      sleep(((Again) next).delay());
    }
  }

  /** Ends with the delay, or with the context. */
  private void sleep(Duration delay) {
    Sleep sleep = new Sleep();
    DueAttempt due = new DueAttempt(delay, false);
    due.await(sleep, code.base(), scheduler);
    try {
      Status cancelled = sleep.end.get();
      if (cancelled != null) {
        throw code.exception(code.ofContext(cancelled));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Status status = Status.CANCELLED.withDescription("interrupted").withCause(e);
      throw code.exception(code.ofContext(status));
    } catch (ExecutionException e) {
      throw new AssertionError(e); // it is only ever completed
    } finally {
      due.drop(code.base());
    }
  }

  private static final class Sleep implements DueAttempt.Owner {
    final CompletableFuture<@Nullable Status> end = new CompletableFuture<>();

    @Override
    public void isDue(DueAttempt attempt) {
      end.complete(null);
    }

    @Override
    public void cancelDue(DueAttempt attempt, Status status) {
      end.complete(status);
    }
  }
}
