package dev.tahini.rpc;

import java.util.List;
import java.util.Map;

/**
 * A live client from outside: what it knows, and what it would do. Implemented by the library only.
 * Thread-safe; makes no call.
 */
public interface ClientView {

  /**
   * Whom it calls.
   *
   * @return the target
   */
  Target target();

  /**
   * The client's time, for what a feature times: one time for both, also in a test.
   *
   * @return always the same
   */
  TimeSource time();

  /**
   * What it knows now. Takes no lock that a call takes.
   *
   * @return an immutable copy, O(N) in the number of backends
   */
  ClientSnapshot snapshot();

  /**
   * Who owns a key, and who takes over in turn if those before are away. Builds the shard map's
   * table on the calling thread if there is none yet: not for an event loop.
   *
   * @param key as given to {@link Pick#shard}
   * @return the key's owners in order, each with its state; empty if there are no backends
   * @throws IllegalStateException if the shard map cannot build its table
   */
  List<BackendSnapshot> owners(String key);

  /**
   * How keys are spread: the part of all keys that each backend owns, whatever its state. Like
   * {@link #owners} it may build a table: not for an event loop.
   *
   * @return 0 to 1 by {@link Endpoint#addressText()}, in discovery's order; empty if there are no
   *     backends
   * @throws IllegalStateException if the shard map cannot build its table
   */
  Map<String, Double> shares();

  /**
   * What a pick would choose now, and why not another. A generator of {@link Pick#random} is not
   * drawn from. Like {@link #owners} it may build a table: not for an event loop.
   *
   * @param pick what a call would ask for
   * @return the choice; the next call may get another
   * @throws InvalidValueException if the client has no picker of that name
   */
  PickExplanation explain(Pick pick);
}
