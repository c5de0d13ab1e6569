package dev.tahini.rpc.retry;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import io.grpc.Context;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a retry around code: the calls in it are not retried by themselves. They avoid the
 * backends on which calls of the attempts before have failed, but not each other's. Thread-safe.
 */
final class OuterAttempt {
  /** In the context of a user's code that is retried as a whole. */
  static final Context.Key<@Nullable OuterAttempt> KEY = Context.key("dev.tahini.rpc.retry");

  private final List<Backend> failedBefore;
  private final List<Backend> failed;

  /** The first. */
  OuterAttempt() {
    this(List.of());
  }

  private OuterAttempt(List<Backend> failedBefore) {
    this.failedBefore = failedBefore;
    this.failed = new CopyOnWriteArrayList<>(failedBefore);
  }

  OuterAttempt next() {
    return new OuterAttempt(List.copyOf(failed));
  }

  /** For a call in it. */
  Attempts attemptsOfCall() {
    Attempts before = new Attempts();
    failedBefore.forEach(before::add);
    return before.next();
  }

  /** A call in it failed. */
  void noteFailed(@Nullable Backend backend) {
    if (backend != null) {
      failed.add(backend);
    }
  }

  /** Where its calls failed last; null if they did not, or reached none. */
  @Nullable String lastFailed() {
    return failed.size() == failedBefore.size() ? null : failed.get(failed.size() - 1).address();
  }
}
