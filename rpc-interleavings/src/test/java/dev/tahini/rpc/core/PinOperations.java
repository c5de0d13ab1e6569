package dev.tahini.rpc.core;

import io.grpc.ConnectivityState;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * Calls of one pin go where the pin says, as if one came after the other. Backends fail here and do
 * not recover: a backend that fails and recovers between two reads of one pick is not noticed.
 */
@Param(name = "backend", gen = IntGen.class, conf = "0:1")
public final class PinOperations {
  private final List<LiveBackend> listed = new SharedState(2).listed;
  private final Pin pin = new Pin();

  /** What the channel's picker does, where its own choice is this backend. */
  @Operation
  public String pick(@Param(name = "backend") int backend) {
    LiveBackend pinned = pin.backend();
    return (pinned == null ? pin.propose(listed.get(backend)) : pinned).address();
  }

  @Operation
  public void fix(@Param(name = "backend") int backend) {
    pin.fix(listed.get(backend));
  }

  @Operation(nonParallelGroup = "balancer")
  public void fail(@Param(name = "backend") int backend) {
    SharedState.connection(listed.get(backend), ConnectivityState.TRANSIENT_FAILURE);
  }
}
