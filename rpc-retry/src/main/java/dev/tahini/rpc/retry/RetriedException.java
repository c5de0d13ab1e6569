package dev.tahini.rpc.retry;

import org.jspecify.annotations.Nullable;

/**
 * What happened before a call failed for good: the cause of its status. The message tells of all
 * attempts, the suppressed exceptions are those of the earlier ones, and the cause is what the last
 * one's status had for a cause.
 */
public final class RetriedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RetriedException(String message, @Nullable Throwable cause) {
    super(message, cause, true, false);
  }
}
