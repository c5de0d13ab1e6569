package dev.tahini.rpc.core;

import io.grpc.Attributes;
import io.grpc.MethodDescriptor;
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
  private final Backends backends;
  private final ShardTables shards;
  private final Supplier<@Nullable Instant> lastConfirmed;
  private final ThreadLocal<ReusablePickRequest> requests =
      ThreadLocal.withInitial(ReusablePickRequest::new);
  private final ClientEvents events;
  private volatile @Nullable Thread publisher;

  /**
   * The state of one channel.
   *
   * @param target whom it calls, for messages
   * @param lastConfirmed when discovery last said anything good, or null
   */
  ChannelState(
      String target,
      Sources sources,
      Backends backends,
      ShardTables shards,
      ClientEvents events,
      Supplier<@Nullable Instant> lastConfirmed) {
    this.target = target;
    this.sources = sources;
    this.backends = backends;
    this.shards = shards;
    this.events = events;
    this.lastConfirmed = lastConfirmed;
  }

  String target() {
    return target;
  }

  Sources sources() {
    return sources;
  }

  Backends backends() {
    return backends;
  }

  ShardTables shards() {
    return shards;
  }

  ReusablePickRequest request() {
    return requests.get();
  }

  ClientEvents events() {
    return events;
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
    if (confirmed == null) {
      return "the last answer listed 0 endpoints";
    }
    Duration age = Duration.between(confirmed, sources.time().clock().instant());
    return "last answer " + age.toSeconds() + " s ago listed 0 endpoints";
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
