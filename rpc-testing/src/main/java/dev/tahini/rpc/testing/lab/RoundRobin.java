package dev.tahini.rpc.testing.lab;

import static io.grpc.ConnectivityState.READY;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * For comparison: the ready backends in turn, beginning at a random one for each client and list.
 * For one client of a simulation; not thread-safe.
 */
record RoundRobin(RandomGenerator random) implements Picker.Factory {
  static final String NAME = "round_robin";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Picker create(Picker.Backends backends) {
    return new InTurn(backends.all(), random.nextInt(backends.all().size()));
  }

  private static final class InTurn implements Picker {
    private final List<Backend> all;
    private int next;

    InTurn(List<Backend> all, int first) {
      this.all = all;
      this.next = first;
    }

    @Override
    public @Nullable Backend pick(PickRequest request) {
      Backend tried = null;
      for (int i = 0; i < all.size(); i++) {
        Backend backend = all.get(next);
        next = (next + 1) % all.size();
        if (backend.state() == READY) {
          if (!request.attempts().tried(backend)) {
            return backend;
          }
          tried = backend;
        }
      }
      return tried;
    }
  }
}
