package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client of the library's, in virtual time, and how it makes its calls. */
final class SimulatedClient {
  private final ClientSpec spec;
  private final RpcClient<Channel> client;
  private final Events events;
  private final Recorder recorder;
  private final @Nullable Duration deadline;

  /**
   * A client that is built already.
   *
   * @param deadline of each call, or null for none
   */
  SimulatedClient(
      ClientSpec spec,
      RpcClient<Channel> client,
      Events events,
      Recorder recorder,
      @Nullable Duration deadline) {
    this.spec = spec;
    this.client = client;
    this.events = events;
    this.recorder = recorder;
    this.deadline = deadline;
  }

  void call(long number, double quantile, Pick pick) {
    CallOptions options =
        CallOptions.DEFAULT
            .withOption(Pick.OPTION, pick)
            .withExecutor(Runnable::run); // what a feature does later stays on this thread, too
    if (deadline != null) {
      options = options.withDeadline(events.time().deadlineAfter(deadline));
    }
    ClientCall<CallRequest, byte[]> call = client.stub().newCall(CallRequest.METHOD, options);
    call.start(new Ending(recorder.callArrived(), events.nanos()), new Metadata());
    call.request(2);
    call.sendMessage(new CallRequest(spec, number, quantile));
    call.halfClose();
  }

  private final class Ending extends ClientCall.Listener<byte[]> {
    private final @Nullable PhaseMeter phase;
    private final long arrivedNanos;

    Ending(@Nullable PhaseMeter phase, long arrivedNanos) {
      this.phase = phase;
      this.arrivedNanos = arrivedNanos;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (phase != null) {
        phase.callEnded(status, events.nanos() - arrivedNanos);
      }
    }
  }

  void close() {
    client.close();
  }
}
