package dev.tahini.rpc.testing.lab;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on a transport, with the tracers that count it. Stands for gRPC's {@code
 * AbstractClientStream} and {@code StatsTraceContext}, whose order of tracer events it keeps.
 */
final class SimulatedStream {
  private final SimulatedTransport transport;
  private final Listener listener;
  private final List<ClientStreamTracer> tracers;
  private @Nullable Job job;
  private boolean closed;

  /** What its call hears. */
  @FunctionalInterface
  interface Listener {

    /**
     * It has ended; if the status is OK, a message came before that.
     *
     * @param trailers empty if the server sent none
     */
    void closed(Status status, Metadata trailers);
  }

  private SimulatedStream(
      SimulatedTransport transport, List<ClientStreamTracer> tracers, Listener listener) {
    this.transport = transport;
    this.tracers = tracers;
    this.listener = listener;
  }

  /** Makes the stream and its tracers; the balancer's tracer comes last, as in gRPC. */
  static SimulatedStream open(
      SimulatedTransport transport,
      ClientStreamTracer.@Nullable Factory balancersTracer,
      CallOptions options,
      Metadata headers,
      Listener listener) {
    var info = ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(options).build();
    List<ClientStreamTracer> tracers = new ArrayList<>(1);
    for (ClientStreamTracer.Factory factory : options.getStreamTracerFactories()) {
      tracers.add(factory.newClientStreamTracer(info, headers));
    }
    if (balancersTracer != null) {
      tracers.add(balancersTracer.newClientStreamTracer(info, headers));
    }
    SimulatedStream stream = new SimulatedStream(transport, tracers, listener);
    tracers.forEach(tracer -> tracer.streamCreated(Attributes.EMPTY, headers));
    transport.open(stream);
    tracers.forEach(ClientStreamTracer::outboundHeaders);
    return stream;
  }

  ModelServer server() {
    return transport.server();
  }

  /** Sends the one message of the call, and with it the end of what the client sends. */
  void send(CallRequest request) {
    Job sent = new Job(request.quantile(), this::answer);
    job = sent;
    tracers.forEach(tracer -> tracer.outboundMessage(0));
    transport.send(sent);
  }

  /** At the server. */
  private void answer(Status status, Metadata trailers) {
    transport.answer(
        () -> {
          transport.ended(this);
          answered(status, trailers);
        });
  }

  /** As in gRPC an answer without a message is trailers only: no headers are heard of. */
  private void answered(Status status, Metadata trailers) {
    if (closed) {
      return;
    }
    if (status.isOk()) {
      tracers.forEach(ClientStreamTracer::inboundHeaders);
      tracers.forEach(tracer -> tracer.inboundMessage(0));
    }
    tracers.forEach(tracer -> tracer.inboundTrailers(trailers));
    close(status, trailers);
  }

  /** The client gives up. */
  void cancel(Status why) {
    if (closed) {
      return;
    }
    if (job != null) {
      transport.cancel(job);
    }
    transport.ended(this);
    close(why);
  }

  /** Ends it, once, without an answer. */
  void close(Status status) {
    if (!closed) {
      close(status, new Metadata());
    }
  }

  /** The tracers hear it before the call does. */
  private void close(Status status, Metadata trailers) {
    closed = true;
    tracers.forEach(tracer -> tracer.streamClosed(status));
    listener.closed(status, trailers);
  }
}
