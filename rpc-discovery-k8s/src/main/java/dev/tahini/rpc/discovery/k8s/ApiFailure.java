package dev.tahini.rpc.discovery.k8s;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a request failed. The message is for the user. */
final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1;
  private static final int GONE = 410;

  /** Of which neither says anything about the version. */
  private static final Set<Integer> ACCESS = Set.of(401, 403, 429);

  private final int code;
  private final boolean isGarbled;
  private final transient @Nullable Duration retryAfter;

  /**
   * An answer that is no good one.
   *
   * @param code HTTP's or a Status object's; 0 if there was no answer
   * @param retryAfter how long the server asks to be left alone, or null
   */
  ApiFailure(String message, int code, @Nullable Duration retryAfter) {
    super(message);
    this.code = code;
    this.isGarbled = false;
    this.retryAfter = retryAfter;
  }

  private ApiFailure(String message, @Nullable Throwable cause, boolean isGarbled) {
    super(message, cause);
    this.code = 0;
    this.isGarbled = isGarbled;
    this.retryAfter = null;
  }

  /** No answer, or one that broke off. */
  static ApiFailure broken(String message, @Nullable Throwable cause) {
    return new ApiFailure(message, cause, false);
  }

  /** An answer that says nothing that can be understood. */
  static ApiFailure garbled(String message, @Nullable Throwable cause) {
    return new ApiFailure(message, cause, true);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** Whether the version to go on from is forgotten, which happens now and then. */
  boolean isExpired() {
    return code == GONE;
  }

  /** Whether only a new list helps, as what was asked for is refused. */
  boolean needsList() {
    return isGarbled || (code >= 400 && code < 500 && !ACCESS.contains(code));
  }

  /** Whether the connection broke, before an answer or in it. */
  boolean isBroken() {
    return code == 0 && !isGarbled;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
