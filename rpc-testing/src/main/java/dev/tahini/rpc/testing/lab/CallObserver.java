package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of the attempts of calls. */
interface CallObserver {

  /** A call found no backend at once, and waits. */
  void buffered();

  /** An attempt is sent to a server. */
  void attemptStarted(CallRequest request, ModelServer server);

  /**
   * It ended, as the client sees it.
   *
   * @param server null if none was found
   * @param startedNanos when it was sent, or failed without a server
   */
  void attemptEnded(
      CallRequest request, @Nullable ModelServer server, Status status, long startedNanos);
}
