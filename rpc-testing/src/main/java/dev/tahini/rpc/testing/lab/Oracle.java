package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * For comparison: what no client can know. Of the backends that are ready for this client, the one
 * that would be done first by the server's true state, calls still on the way to it counted; of
 * equals any. Greedy, and blind to how hard the call itself is. For one client of a simulation; not
 * thread-safe.
 */
record Oracle(Fleet fleet, RandomGenerator random) implements Picker.Factory {
  static final String NAME = "oracle";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Picker create(Picker.Backends backends) {
    return request -> best(backends.ready(), request);
  }

  private @Nullable Backend best(Picker.ReadySet ready, PickRequest request) {
    Backend best = null;
    double least = Double.POSITIVE_INFINITY;
    int equals = 0;
    for (int i = 0; i < ready.size(); i++) {
      Backend next = ready.get(i);
      if (next == null) {
        continue;
      }
      double expected = expected(next, request);
      if (best == null || expected < least) {
        best = next;
        least = expected;
        equals = 1;
      } else if (expected == least && random.nextInt(++equals) == 0) {
        best = next;
      }
    }
    return best;
  }

  private double expected(Backend backend, PickRequest request) {
    return request.attempts().tried(backend)
        ? Double.POSITIVE_INFINITY
        : fleet.server(backend.address()).expectedNanos();
  }
}
