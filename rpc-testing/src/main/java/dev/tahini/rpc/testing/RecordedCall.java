package dev.tahini.rpc.testing;

import java.util.List;

/**
 * One call as the backends saw it: its attempts in order. Immutable.
 *
 * @param attempts at least one, the first first
 */
public record RecordedCall(List<RecordedAttempt> attempts) {

  /** Copies the list. */
  public RecordedCall {
    attempts = List.copyOf(attempts);
  }

  /**
   * The attempt that was made first.
   *
   * @return the oldest
   */
  public RecordedAttempt first() {
    return attempts.get(0);
  }

  /**
   * The attempt that was made last.
   *
   * @return the newest
   */
  public RecordedAttempt last() {
    return attempts.get(attempts.size() - 1);
  }

  /**
   * Where the attempts went.
   *
   * @return the backends' names, in the order of the attempts
   */
  public List<String> backends() {
    return attempts.stream().map(RecordedAttempt::backend).toList();
  }

  /**
   * Asserts where the attempts went.
   *
   * @param backends the names, in the order of the attempts
   * @return this
   * @throws AssertionError with the attempts that were made, if they went elsewhere
   */
  public RecordedCall assertWentTo(String... backends) {
    if (!backends().equals(List.of(backends))) {
      throw new AssertionError(
          "attempts went to " + backends() + " (expected: " + List.of(backends) + ") " + attempts);
    }
    return this;
  }

  /** Its attempts. */
  @Override
  public String toString() {
    return attempts.toString();
  }
}
