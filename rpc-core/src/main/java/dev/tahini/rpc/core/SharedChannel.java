package dev.tahini.rpc.core;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A channel that several clients have: opened by the first of them, outside of any lock, while
 * others wait for it. How many have it, and the longest grace that one of them asked for, is
 * guarded by the monitor of {@link RpcClients}.
 */
final class SharedChannel {
  private final CompletableFuture<ClientChannel> opened = new CompletableFuture<>();
  private int clients;
  private Duration grace = Duration.ZERO;

  /** One client more. True for the first, which is to open the channel. */
  boolean join(Duration gracePeriod) {
    grace = grace.compareTo(gracePeriod) > 0 ? grace : gracePeriod;
    clients++;
    return clients == 1;
  }

  /** One client less. True after the last. */
  boolean leave() {
    clients--;
    return clients == 0;
  }

  Duration grace() {
    return grace;
  }

  void open(ChannelSpec spec) {
    try {
      opened.complete(ClientChannel.open(spec));
    } catch (RuntimeException | Error e) {
      opened.completeExceptionally(e);
    }
  }

  /** The open channel; waits for the client that opens it, and fails as that one does. */
  ClientChannel channel() {
    try {
      return opened.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** The channel if it is open yet. */
  Optional<ClientChannel> ifOpen() {
    return opened.isDone() && !opened.isCompletedExceptionally()
        ? Optional.of(opened.join())
        : Optional.empty();
  }
}
