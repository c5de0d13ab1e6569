package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.testing.Failure;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server with a number of slots and a queue, first come first served. It owns what is in service
 * and what waits; the network tells it what arrives.
 */
final class ModelServer {
  private static final Status QUEUE_FULL =
      Status.RESOURCE_EXHAUSTED.withDescription("the server's queue is full");

  private final ServerSpec spec;
  private final Events events;
  private final LoadMeter meter = new LoadMeter();
  private final Set<SimulatedTransport> connections = new LinkedHashSet<>();

  /** In the order in which they came; whatever its length, any of them leaves at once. */
  private final Set<Job> waiting = new LinkedHashSet<>();

  private boolean up = true;
  private @Nullable Failure failure;
  private double slowdown;
  private long startedNanos;

  /** Counts starts, so that what an earlier life began does not end in a later one. */
  private int life;

  private int inService;
  private int inbound;
  private double waitingNanos;
  private long sumOfEndNanos;

  ModelServer(ServerSpec spec, Events events) {
    this.spec = spec;
    this.events = events;
    this.slowdown = spec.slowdown();
    this.startedNanos = events.nanos();
  }

  ServerSpec spec() {
    return spec;
  }

  LoadMeter meter() {
    return meter;
  }

  boolean isUp() {
    return up;
  }

  /** A client connects; refused if the server is down. */
  boolean accept(SimulatedTransport connection) {
    return up && connections.add(connection);
  }

  /** A client hangs up, or was cut off. */
  void forget(SimulatedTransport connection) {
    connections.remove(connection);
  }

  boolean isConnected(SimulatedTransport connection) {
    return connections.contains(connection);
  }

  /** A call was sent here, and is still on the network. */
  void onTheWay() {
    inbound++;
  }

  /** What was on the way has arrived, or been lost. */
  void arrived() {
    inbound--;
  }

  void submit(Job job) {
    if (failure != null) {
      job.fail(failure.status().withCause(null), failure.trailers());
    } else if (inService < spec.concurrency()) {
      serve(job);
    } else if (waiting.size() < spec.queueLimit()) {
      waiting.add(job);
      waitingNanos += job.nanosOf(spec.serviceTime());
    } else {
      job.fail(QUEUE_FULL, new Metadata());
    }
    measure();
  }

  private void serve(Job job) {
    int begunIn = life;
    long took = Math.round(job.nanosOf(spec.serviceTime()) * slowdownNow());
    long end = events.nanos() + took;
    inService++;
    sumOfEndNanos += end;
    events.after(took, () -> finish(job, begunIn, end));
  }

  private void finish(Job job, int begunIn, long end) {
    if (begunIn != life) {
      return; // it crashed meanwhile
    }
    inService--;
    sumOfEndNanos -= end;
    job.succeed();
    serveNext();
    measure();
  }

  private void serveNext() {
    Iterator<Job> first = waiting.iterator();
    if (first.hasNext()) {
      Job next = first.next();
      first.remove();
      waitingNanos -= next.nanosOf(spec.serviceTime());
      serve(next);
    }
  }

  /** Its client gave up: one that waits is forgotten; one in service keeps its slot to its end. */
  void cancel(Job job) {
    if (waiting.remove(job)) {
      waitingNanos -= job.nanosOf(spec.serviceTime());
      measure();
    }
  }

  private void measure() {
    meter.change(events.nanos(), inService, inService + waiting.size());
  }

  private double slowdownNow() {
    return slowdown * spec.coldStart().factorAfter(events.nanos() - startedNanos);
  }

  /** From now on it takes this many times longer for a call. */
  void slow(double factor) {
    slowdown = factor;
  }

  /** From now on it fails every call as soon as it arrives, in this way. */
  void fail(Failure how) {
    failure = how;
  }

  /** It answers again, at the speed it began with. */
  void heal() {
    failure = null;
    slowdown = spec.slowdown();
  }

  /** Cuts every connection and forgets every call. */
  void crash() {
    up = false;
    life++;
    inService = 0;
    sumOfEndNanos = 0;
    waiting.clear();
    waitingNanos = 0;
    measure();
    List<SimulatedTransport> cut = new ArrayList<>(connections);
    connections.clear();
    cut.forEach(SimulatedTransport::cut);
  }

  /** Starts it again, cold if it starts so. */
  void restore() {
    up = true;
    startedNanos = events.nanos();
  }

  /**
   * When a call of average hardness that is sent now would be done, by all that the server has in
   * hand or that is on the way to it: the work is taken as spread evenly over the slots.
   *
   * @return nanoseconds, without the network; infinite for a server that would fail it
   */
  double expectedNanos() {
    if (!up || failure != null) {
      return Double.POSITIVE_INFINITY;
    }
    double factor = slowdownNow();
    double mean = spec.serviceTime().meanNanos() * factor;
    if (inService + waiting.size() + inbound < spec.concurrency()) {
      return mean;
    }
    double inServiceNanos = sumOfEndNanos - (double) inService * events.nanos();
    double ahead = inServiceNanos + waitingNanos * factor + inbound * mean;
    return ahead / spec.concurrency() + mean;
  }
}
