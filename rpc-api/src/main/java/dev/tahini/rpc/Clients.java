package dev.tahini.rpc;

import java.util.List;

/**
 * The live clients of an injector: what {@code /debug/backends}, metrics and failing tests print.
 * Implemented by the library only; thread-safe.
 */
public interface Clients {

  /**
   * Every client that is open now. Clients that share a channel are one.
   *
   * @return an unmodifiable list in the order of their making
   */
  List<ClientView> all();
}
