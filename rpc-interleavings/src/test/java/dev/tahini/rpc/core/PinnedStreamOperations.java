package dev.tahini.rpc.core;

import io.grpc.ConnectivityState;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Once a stream was made, every call goes where the first stream went, whatever backends do. */
@Param(name = "backend", gen = IntGen.class, conf = "0:1")
public final class PinnedStreamOperations {
  private final List<LiveBackend> listed = new SharedState(2).listed;
  private final Pin pin = new Pin();

  /** A pick that finds no other choice but the backend. */
  @Operation
  public void propose(@Param(name = "backend") int backend) {
    pin.propose(listed.get(backend));
  }

  /** A stream on a backend, and then a pick that would rather have the other. */
  @Operation
  public int streamThenPick(@Param(name = "backend") int backend) {
    pin.fix(listed.get(backend));
    LiveBackend pinned = pin.backend();
    return listed.indexOf(pinned == null ? pin.propose(listed.get(1 - backend)) : pinned);
  }

  @Operation(nonParallelGroup = "balancer")
  public void fail(@Param(name = "backend") int backend) {
    SharedState.connection(listed.get(backend), ConnectivityState.TRANSIENT_FAILURE);
  }

  @Operation(nonParallelGroup = "balancer")
  public void recover(@Param(name = "backend") int backend) {
    SharedState.connection(listed.get(backend), ConnectivityState.READY);
  }

  /** What each operation gives: the first stream decides. */
  public static final class Expected {
    private int fixed = -1;

    public void propose(int backend) {}

    public int streamThenPick(int backend) {
      fixed = fixed < 0 ? backend : fixed;
      return fixed;
    }

    public void fail(int backend) {}

    public void recover(int backend) {}
  }
}
