package dev.tahini.rpc.core;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.ChannelPicker.NoneAnswer;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Who has seen that a backend is ready may call: where the pick comes too early it waits for the
 * publication that follows, and does not fail as those did before.
 */
public final class SeenReadyOperations {
  private static final PickResult NONE_CONNECTABLE =
      PickResult.withError(Status.UNAVAILABLE.withDescription("none can be connected"));

  private final SharedState shared = new SharedState(1);
  private final LiveBackend backend = shared.listed.get(0);
  private final ReadyBackends ready = shared.channel.backends().ready();
  private final ChannelPicker picker =
      new ChannelPicker(shared.channel, shared.channel.backends().current(), Pick.leastLoaded());

  public SeenReadyOperations() {
    SharedState.connection(backend, ConnectivityState.TRANSIENT_FAILURE);
    publish();
  }

  /** As the balancer does. */
  private void publish() {
    picker.noneAnswer(new NoneAnswer(ready.version(), NONE_CONNECTABLE, NONE_CONNECTABLE));
  }

  @Operation(nonParallelGroup = "balancer")
  public void connect() {
    ready.change(backend, () -> SharedState.connection(backend, ConnectivityState.READY));
    publish();
  }

  @Operation
  public boolean callOnceReady() {
    return backend.state() != ConnectivityState.READY
        || picker.pickSubchannel(new PickArgs(Pick.leastLoaded())).getStatus().isOk();
  }

  /** What each operation gives, in any order. */
  public static final class Expected {
    public void connect() {}

    public boolean callOnceReady() {
      return true;
    }
  }
}
