package dev.tahini.rpc.benchmarks.picks;

import dev.tahini.rpc.benchmarks.harness.BenchmarkCall;
import dev.tahini.rpc.benchmarks.harness.BenchmarkChannel;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.util.List;
import java.util.function.Supplier;

/** Picks as gRPC's channel does, and calls the tracers as its streams do. */
record GrpcPicking(
    SubchannelPicker picker, Supplier<List<BenchmarkCall>> calls, BenchmarkChannel channel)
    implements Picking {

  @Override
  public Turns turns() {
    return new GrpcTurns(picker, calls.get().toArray(BenchmarkCall[]::new));
  }

  @Override
  public void close() {
    channel.close();
  }

  private static final class GrpcTurns implements Turns {
    private final SubchannelPicker picker;
    private final BenchmarkCall[] calls;
    private int turn;

    GrpcTurns(SubchannelPicker picker, BenchmarkCall[] calls) {
      this.picker = picker;
      this.calls = calls;
    }

    private BenchmarkCall next() {
      turn = (turn + 1) & (PickContender.KEYS - 1);
      return calls[turn];
    }

    @Override
    public Object pick() {
      return picker.pickSubchannel(next());
    }

    @Override
    public Object call() {
      BenchmarkCall call = next();
      PickResult result = picker.pickSubchannel(call);
      ClientStreamTracer.Factory factory = result.getStreamTracerFactory();
      if (factory != null) {
        ClientStreamTracer tracer =
            factory.newClientStreamTracer(call.streamInfo(), call.getHeaders());
        tracer.streamCreated(Attributes.EMPTY, call.getHeaders());
        tracer.outboundHeaders();
        tracer.inboundHeaders(call.getHeaders());
        tracer.streamClosed(Status.OK);
      }
      return result;
    }
  }
}
