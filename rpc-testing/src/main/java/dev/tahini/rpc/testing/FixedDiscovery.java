package dev.tahini.rpc.testing;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Lists the same endpoints for every target. */
record FixedDiscovery(List<Endpoint> endpoints) implements Discovery {

  @Override
  public Set<String> schemes() {
    return Set.of("fixed");
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    listener.onEndpoints(endpoints);
    Instant confirmed = Instant.now();
    return new Subscription() {
      @Override
      public void close() {}

      @Override
      public Instant lastConfirmed() {
        return confirmed;
      }
    };
  }
}
