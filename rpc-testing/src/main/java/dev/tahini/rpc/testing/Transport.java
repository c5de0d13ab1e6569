package dev.tahini.rpc.testing;

import dev.tahini.rpc.core.ChannelFactory;
import org.jspecify.annotations.Nullable;

/** What the backends of a cluster and its clients meet over. Thread-safe. */
interface Transport {

  /**
   * Makes the address of a backend.
   *
   * @param port asked for by the test, or null
   * @throws dev.tahini.rpc.InvalidValueException if the port is taken
   */
  Front newFront(String backend, @Nullable Integer port);

  /** Always the same, so that clients may share a channel. */
  ChannelFactory channelFactory();

  /**
   * Ends its threads and waits for them.
   *
   * @throws IllegalStateException if they have not ended within the time that a test waits
   */
  void close() throws InterruptedException;
}
