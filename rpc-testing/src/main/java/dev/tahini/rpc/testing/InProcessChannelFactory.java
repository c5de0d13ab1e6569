package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import io.grpc.inprocess.InProcessChannelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The in-process transport for a client. Its endpoints' addresses are {@code
 * InProcessSocketAddress}es; connections know neither credentials nor GOAWAY, resets or refusals:
 * tests of those need loopback.
 */
public final class InProcessChannelFactory implements ChannelFactory {

  private final @Nullable TimeSource time;

  private InProcessChannelFactory(@Nullable TimeSource time) {
    this.time = time;
  }

  /** For every client of a test, or of its injector, in the system's time. */
  public InProcessChannelFactory() {
    this(null);
  }

  /**
   * The same with another time for what gRPC schedules: backoffs and deadlines.
   *
   * @param time such as a {@link FakeTime}, the one that the client has
   * @return the factory
   */
  public static InProcessChannelFactory in(TimeSource time) {
    return new InProcessChannelFactory(requireNonNull(time, "time"));
  }

  @Override
  @SuppressWarnings("deprecation") // gRPC has no other way to give this transport a resolver
  public ManagedChannelBuilder<?> newChannelBuilder(
      String target, ChannelCredentials credentials, NameResolverProvider resolver) {
    InProcessChannelBuilder builder =
        InProcessChannelBuilder.forTarget(target).nameResolverFactory(resolver);
    return time == null ? builder : builder.scheduledExecutorService(time.scheduler());
  }
}
