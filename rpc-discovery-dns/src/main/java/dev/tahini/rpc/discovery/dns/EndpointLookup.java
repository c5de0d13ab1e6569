package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.util.concurrent.CompletionStage;

/** Finds the endpoints of one target. Called again when the last time has ended, and not before. */
@FunctionalInterface
interface EndpointLookup {

  /**
   * Looks them up. Does not block.
   *
   * @param stays whether endpoints are listed, so that their name is not to be left for another
   */
  CompletionStage<Resolved<Endpoint>> lookUp(boolean stays);
}
