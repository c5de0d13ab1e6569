package dev.tahini.rpc.testing.lab;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where calls wait for a backend: each is picked when it starts, and again, in the order in which
 * they came, whenever the balancer publishes. Stands for gRPC's {@code DelayedClientTransport} and
 * {@code GrpcUtil.getTransportFromPickResult}.
 */
final class BufferedCalls {
  private final Set<SimulatedCall<?, ?>> waiting = new LinkedHashSet<>();
  private final Runnable onBuffered;
  private @Nullable SubchannelPicker picker;

  /** Tells two publications of one picker apart. */
  private long publications;

  private @Nullable Status refusal;

  BufferedCalls(Runnable onBuffered) {
    this.onBuffered = onBuffered;
  }

  /** A call starts: it goes to a backend, fails, or waits. */
  void start(SimulatedCall<?, ?> call) {
    if (refusal != null) {
      call.fail(refusal);
      return;
    }
    long seen = -1;
    while (seen != publications) { // the pick itself may lead to a publication
      seen = publications;
      if (picker != null && proceeds(call, picker)) {
        return;
      }
    }
    waiting.add(call);
    onBuffered.run();
  }

  /** The balancer publishes: all that wait are picked again. */
  void publish(SubchannelPicker newPicker) {
    publications++;
    picker = newPicker;
    for (SimulatedCall<?, ?> call : new ArrayList<>(waiting)) {
      if (waiting.contains(call) && proceeds(call, newPicker)) {
        waiting.remove(call);
      }
    }
  }

  private static boolean proceeds(SimulatedCall<?, ?> call, SubchannelPicker picker) {
    PickResult result = picker.pickSubchannel(call.pickArgs());
    Subchannel picked = result.getSubchannel();
    if (picked != null) {
      SimulatedSubchannel subchannel = (SimulatedSubchannel) picked.getInternalSubchannel();
      SimulatedTransport transport = subchannel.obtainTransport();
      if (transport == null) {
        return false;
      }
      call.open(transport, result.getStreamTracerFactory());
      return true;
    }
    Status status = result.getStatus();
    if (status.isOk() || (!result.isDrop() && call.options().isWaitForReady())) {
      return false;
    }
    call.fail(inPlaceOf(status));
    return true;
  }

  /** gRFC A54: codes that only a server may give do not come from a balancer. */
  private static Status inPlaceOf(Status status) {
    return switch (status.getCode()) {
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          DATA_LOSS ->
          Status.INTERNAL
              .withDescription(
                  "Inappropriate status code from control plane: "
                      + status.getCode()
                      + " "
                      + status.getDescription())
              .withCause(status.getCause());
      default -> status;
    };
  }

  /** A call that waits was cancelled. */
  void remove(SimulatedCall<?, ?> call) {
    waiting.remove(call);
  }

  /** From now on calls fail; those that wait fail too. */
  void shutdown(Status why) {
    refusal = why;
    for (SimulatedCall<?, ?> call : new ArrayList<>(waiting)) {
      waiting.remove(call);
      call.fail(why);
    }
  }
}
