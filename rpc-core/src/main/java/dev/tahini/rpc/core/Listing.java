package dev.tahini.rpc.core;

import java.util.List;

/**
 * One list of a target's backends and the pickers made for it. Immutable and compared by identity:
 * a new one is made when anything in the list changes, never because a connection changed state.
 */
final class Listing {
  /** Before discovery's first answer. */
  static final Listing NONE = new Listing(false, List.of(), Pickers.NONE);

  private final boolean answered;
  private final List<LiveBackend> backends;
  private final Pickers pickers;

  private Listing(boolean answered, List<LiveBackend> backends, Pickers pickers) {
    this.answered = answered;
    this.backends = List.copyOf(backends);
    this.pickers = pickers;
  }

  static Listing of(List<LiveBackend> backends, Pickers pickers) {
    return new Listing(true, backends, pickers);
  }

  /** Whether discovery has answered yet. */
  boolean answered() {
    return answered;
  }

  List<LiveBackend> backends() {
    return backends;
  }

  Pickers pickers() {
    return pickers;
  }
}
