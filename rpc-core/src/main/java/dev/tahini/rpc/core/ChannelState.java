package dev.tahini.rpc.core;

import io.grpc.Attributes;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one client's channel and outlives its balancers: gRPC's idle mode shuts a
 * balancer down and makes another. It reaches the balancer in the attributes of the resolver's
 * answers.
 */
final class ChannelState {
  static final Attributes.Key<ChannelState> KEY =
      Attributes.Key.create("dev.tahini.rpc.core.ChannelState");

  static final MethodDescriptor<?, ?> NO_METHOD =
      MethodDescriptor.<InputStream, InputStream>newBuilder()
          .setType(MethodDescriptor.MethodType.UNKNOWN)
          .setFullMethodName("dev.tahini.rpc/Explain")
          .setRequestMarshaller(new NoMarshaller())
          .setResponseMarshaller(new NoMarshaller())
          .build();

  private final String target;
  private final Sources sources;
  private final Deadline.Ticker ticker;
  private final Backends backends;
  private final ShardTables shards;
  private final Supplier<@Nullable Instant> lastConfirmed;
  private final Supplier<@Nullable Status> lastError;
  private final ClientEvents events;
  private volatile @Nullable Thread publisher;
  private volatile boolean linksCalls;

  /**
   * The state of one channel.
   *
   * @param target whom it calls, for messages
   * @param lastConfirmed when discovery last said anything good, or null
   * @param lastError what discovery says is wrong now, or null
   */
  ChannelState(
      String target,
      Sources sources,
      Backends backends,
      ShardTables shards,
      ClientEvents events,
      Supplier<@Nullable Instant> lastConfirmed,
      Supplier<@Nullable Status> lastError) {
    this.target = target;
    this.sources = sources;
    this.ticker = sources.time().ticker();
    this.backends = backends;
    this.shards = shards;
    this.events = events;
    this.lastConfirmed = lastConfirmed;
    this.lastError = lastError;
  }

  String target() {
    return target;
  }

  Sources sources() {
    return sources;
  }

  /** That of the sources, near at hand for attempts. */
  Deadline.Ticker ticker() {
    return ticker;
  }

  Backends backends() {
    return backends;
  }

  ShardTables shards() {
    return shards;
  }

  ClientEvents events() {
    return events;
  }

  /** For calls that are to go to one backend. */
  Pin newPin() {
    linkCalls();
    return new Pin();
  }

  /** From now on calls may say what they have to do with others: pins, attempts. */
  void linkCalls() {
    if (!linksCalls) {
      linksCalls = true;
    }
  }

  /**
   * Whether any call so far was pinned, or noted its attempts. Until one did, nobody need look for
   * that in a call's options: each look costs a tenth of a pick.
   */
  boolean linksCalls() {
    return linksCalls;
  }

  /** Runs a publication; {@link #isPublishing} is true on this thread meanwhile. */
  void publishing(Runnable publication) {
    publisher = Thread.currentThread();
    try {
      publication.run();
    } finally {
      publisher = null;
    }
  }

  /** Whether this thread is inside a publication, where gRPC picks the waiting calls again. */
  boolean isPublishing() {
    return publisher == Thread.currentThread();
  }

  /** For the message of a call that finds nothing listed. */
  String lastAnswer() {
    Instant confirmed = lastConfirmed.get();
    Status error = lastError.get();
    String why = error == null ? "" : "; " + EndpointWatch.why(error);
    if (confirmed == null) {
      return "the last answer listed 0 endpoints" + why;
    }
    Duration age = Duration.between(confirmed, sources.time().clock().instant());
    return "last answer " + age.toSeconds() + " s ago listed 0 endpoints" + why;
  }

  private static final class NoMarshaller implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }
}
