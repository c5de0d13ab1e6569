package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.ClientFeature;

/** Starts the server with the clients of an injector, and ends it with them. */
record ServerLife(DebugHttpServer server) implements ClientFeature {

  @Override
  public void close() {
    server.close();
  }
}
