package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pick would do at one moment. Immutable. Made by the library; parts may be added.
 *
 * @param pick what was asked for
 * @param backend the address of the backend it would get, or null if none
 * @param outcome what would become of the call, in words: sent, waiting for a connection, or failed
 *     and why
 * @param candidates every backend, and why it would or would not do
 */
public record PickExplanation(
    Pick pick, @Nullable String backend, String outcome, List<Candidate> candidates) {

  /** Copies the list. */
  public PickExplanation {
    requireNonNull(pick, "pick");
    requireNonNull(outcome, "outcome");
    candidates = List.copyOf(candidates);
  }

  /**
   * One backend in the light of a pick.
   *
   * @param backend what it is now
   * @param verdict why it is chosen or not, in words
   */
  public record Candidate(BackendSnapshot backend, String verdict) {}
}
