package dev.tahini.rpc;

import io.grpc.ClientInterceptor;
import java.util.List;
import java.util.Optional;

/**
 * What a plug-in adds to every client: interceptors, and an ear for its events. An SPI; Guice
 * modules add theirs to the {@code Multibinder} of this type. Users' own interceptors are left
 * alone: they run outside of these. Of several features the one installed first is the outermost.
 *
 * <p>Asked once per channel, when it is built. The methods may be called by several threads at
 * once.
 */
public interface ClientFeature {

  /**
   * Interceptors for the client's calls.
   *
   * @param client the client that is being built
   * @param events where to say what happens in them: every feature's listener hears it
   * @return the outermost first; empty for none
   */
  default List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
    return List.of();
  }

  /**
   * Who hears the client's events. If no feature listens, events cost nothing.
   *
   * @param client the client that is being built
   * @return the listener, or empty for none
   */
  default Optional<CallEvents> events(ClientView client) {
    return Optional.empty();
  }

  /**
   * Whether its interceptors make calls again that no server saw ({@link Attempts#fate}): gRPC's
   * own retries are then turned off, which would do so, too, and make attempts of attempts.
   *
   * @param client the client that is being built
   * @return false unless overridden
   */
  default boolean makesCallsAgain(ClientView client) {
    return false;
  }

  /**
   * What it would have pages and metrics show of a client, beside what the client knows itself.
   * Asked for each snapshot: quick, and without blocking.
   *
   * @param client one that it was asked for before
   * @return the numbers; empty unless overridden
   */
  default List<Figure> figures(ClientView client) {
    return List.of();
  }

  /**
   * Called once, when an injector's clients are closed all together: the end of what the feature
   * keeps open. Does nothing unless overridden.
   */
  default void close() {}
}
