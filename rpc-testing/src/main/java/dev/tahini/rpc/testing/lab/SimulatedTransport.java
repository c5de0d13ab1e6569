package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection between a subchannel and a model server. Stands for gRPC's {@code
 * NettyClientTransport} and its server's counterpart; what goes from one end to the other takes the
 * network's delay.
 */
final class SimulatedTransport {
  private static final Status REFUSED = Status.UNAVAILABLE.withDescription("connection refused");
  private static final Status LOST = Status.UNAVAILABLE.withDescription("connection lost");

  private final Network network;
  private final ModelServer server;
  private final Set<SimulatedStream> streams = new LinkedHashSet<>();
  private @Nullable Listener listener;
  private boolean closing;

  /** What its subchannel hears. */
  interface Listener {
    void ready();

    /** Refused if it has not been ready, else cut off. Nothing more is heard after this. */
    void lost(Status why);
  }

  SimulatedTransport(Network network, ModelServer server, Listener listener) {
    this.network = network;
    this.server = server;
    this.listener = listener;
  }

  /** Begins to connect; the listener hears how that went one round trip later. */
  void connect() {
    network.send(
        () -> {
          boolean accepted = server.accept(this);
          network.send(() -> answered(accepted));
        });
  }

  private void answered(boolean accepted) {
    if (listener == null) {
      return;
    }
    if (accepted) {
      listener.ready();
    } else {
      lost(REFUSED);
    }
  }

  ModelServer server() {
    return server;
  }

  /** At the server: the process is gone. */
  void cut() {
    network.send(() -> lost(LOST));
  }

  /** As in gRPC the subchannel hears it first, and then the streams end. */
  private void lost(Status why) {
    Listener hears = listener;
    listener = null;
    if (hears != null) {
      hears.lost(why);
    }
    List<SimulatedStream> ending = new ArrayList<>(streams);
    streams.clear();
    ending.forEach(stream -> stream.close(why));
  }

  /** Takes no more streams; those that are open go on, and then it hangs up. */
  void shutdown() {
    listener = null;
    closing = true;
    hangUpIfDone();
  }

  private void hangUpIfDone() {
    if (closing && streams.isEmpty()) {
      network.send(() -> server.forget(this));
    }
  }

  void open(SimulatedStream stream) {
    streams.add(stream);
  }

  void ended(SimulatedStream stream) {
    streams.remove(stream);
    hangUpIfDone();
  }

  /** Sends an attempt; what arrives after the connection was cut is lost, and so is its answer. */
  void send(Job job) {
    server.onTheWay();
    network.send(
        () -> {
          server.arrived();
          if (server.isConnected(this)) {
            server.submit(job);
          }
        });
  }

  /** At the server: sends an answer back. */
  void answer(Runnable arrival) {
    network.send(arrival);
  }

  /** Tells the server that nobody waits for this any more. */
  void cancel(Job job) {
    network.send(() -> server.cancel(job));
  }
}
