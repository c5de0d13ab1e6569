package dev.tahini.rpc.testing;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the connections of a backend's servers. Thread-safe. */
final class Connections extends ServerTransportFilter {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger ever = new AtomicInteger();
  private final Changes changes;

  Connections(Changes changes) {
    this.changes = changes;
  }

  int open() {
    return open.get();
  }

  int ever() {
    return ever.get();
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    open.incrementAndGet();
    ever.incrementAndGet();
    changes.signal();
    return attributes;
  }

  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    // A connection that ends before it was ready was never counted, and has none.
    if (attributes != null) {
      open.decrementAndGet();
      changes.signal();
    }
  }
}
