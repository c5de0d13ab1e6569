package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.testing.contract.PickerFactoryContract;
import io.grpc.ConnectivityState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user's picker that fills the first of the list that is ready, and spreads nothing. */
class FirstReadyContractTest extends PickerFactoryContract {

  private record FirstReady(List<Backend> all) implements Picker {
    @Override
    public @Nullable Backend pick(PickRequest request) {
      Backend tried = null;
      for (int i = 0; i < all.size(); i++) {
        Backend backend = all.get(i);
        if (backend.state() == ConnectivityState.READY) {
          if (!request.attempts().tried(backend)) {
            return backend;
          }
          tried = backend;
        }
      }
      return tried;
    }
  }

  private record FirstReadyFactory() implements Picker.Factory {
    @Override
    public String name() {
      return "first_ready";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      return new FirstReady(backends.all());
    }
  }

  @Override
  protected Picker.Factory newFactory() {
    return new FirstReadyFactory();
  }

  @Override
  protected Pick pick(int call, List<Endpoint> listed) {
    return Pick.with("first_ready", null);
  }

  @Override
  protected boolean reachesEveryBackend() {
    return false;
  }
}
