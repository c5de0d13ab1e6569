package dev.tahini.rpc.core;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.ChannelPicker.NoneAnswer;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * No call fails while a backend is ready, whatever another does: a user's picker may miss it while
 * it moves in the set, but then the call waits for the publication that follows.
 */
public final class ReadyPickOperations {
  private static final PickResult UNSUITED =
      PickResult.withError(Status.UNAVAILABLE.withDescription("its picker takes none"));

  /** The second, which moves when the first leaves, is always ready. */
  private final SharedState shared = new SharedState(2);

  private final ReadyBackends ready = shared.channel.backends().ready();
  private final ChannelPicker picker =
      new ChannelPicker(shared.channel, shared.channel.backends().current(), Pick.leastLoaded());

  private boolean published;

  @Operation(nonParallelGroup = "balancer")
  public void fail() {
    change(ConnectivityState.TRANSIENT_FAILURE);
  }

  @Operation(nonParallelGroup = "balancer")
  public void connect() {
    change(ConnectivityState.READY);
  }

  private void change(ConnectivityState state) {
    if (!published) {
      shared.listed.forEach(shared::update);
      published = true;
    }
    LiveBackend changed = shared.listed.get(0);
    ready.change(changed, () -> SharedState.connection(changed, state));
    publish();
  }

  /** As the balancer does. */
  private void publish() {
    picker.noneAnswer(new NoneAnswer(ready.version(), PickResult.withNoResult(), UNSUITED));
  }

  @Operation
  public boolean pick() {
    Pick pick = Pick.with(SharedState.LAST, "");
    return picker.pickSubchannel(new PickArgs(pick)).getStatus().isOk();
  }

  /** What each operation gives, in any order. */
  public static final class Expected {
    public void fail() {}

    public void connect() {}

    public boolean pick() {
      return true;
    }
  }
}
