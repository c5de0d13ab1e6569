package dev.tahini.rpc.core;

import dev.tahini.rpc.Endpoint;
import java.util.List;

/**
 * One list of a target's backends and the pickers made for it. Immutable and compared by identity:
 * a new one is made when anything in the list changes, never because a connection changed state.
 */
final class Listing {
  /** Before discovery's first answer. */
  static final Listing NONE = new Listing(false, List.of(), List.of(), Pickers.NONE);

  private final boolean answered;
  private final List<Endpoint> endpoints;
  private final List<LiveBackend> backends;
  private final Pickers pickers;

  private Listing(
      boolean answered, List<Endpoint> endpoints, List<LiveBackend> backends, Pickers pickers) {
    this.answered = answered;
    this.endpoints = List.copyOf(endpoints);
    this.backends = List.copyOf(backends);
    this.pickers = pickers;
  }

  static Listing of(List<Endpoint> endpoints, List<LiveBackend> backends, Pickers pickers) {
    return new Listing(true, endpoints, backends, pickers);
  }

  /** Whether discovery has answered yet. */
  boolean answered() {
    return answered;
  }

  /** The list as discovery gave it. */
  List<Endpoint> endpoints() {
    return endpoints;
  }

  List<LiveBackend> backends() {
    return backends;
  }

  Pickers pickers() {
    return pickers;
  }
}
