package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.util.concurrent.CompletionStage;

/** Finds the endpoints of one target. Called again when the last time has ended, and not before. */
@FunctionalInterface
interface EndpointLookup {

  /** Looks them up. Does not block. */
  CompletionStage<Resolved<Endpoint>> lookUp();
}
