package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Attributes;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bridge from a {@link Discovery} to gRPC: a name resolver that watches a target for as long as
 * gRPC keeps it, and hands each list on as address groups that carry their {@link Endpoint}s.
 *
 * <p>Errors reach gRPC only before the first list: later ones would make it forget what it has.
 * What the discovery throws is logged or reported as an error: in gRPC it would panic the channel.
 *
 * <p>Called by gRPC in the channel's {@link SynchronizationContext}, which also serialises what the
 * discovery delivers.
 */
public final class DiscoveryNameResolver extends NameResolver {
  private static final System.Logger logger =
      System.getLogger(DiscoveryNameResolver.class.getName());
  private static final Status NOT_AN_ERROR =
      Status.UNAVAILABLE.withDescription("discovery reported an error with status OK");

  private final Discovery discovery;
  private final Target target;
  private final String serviceAuthority;
  private final Attributes attributes;
  private final SynchronizationContext syncContext;
  private @Nullable Listener2 listener;
  private Discovery.@Nullable Subscription subscription;
  private boolean listed;
  private boolean shutdown;

  /**
   * A resolver for one channel. The watch begins when gRPC starts the resolver.
   *
   * @param discovery what is watched
   * @param target what it is asked for
   * @param serviceAuthority the authority for TLS and the {@code :authority} header; see {@link
   *     NameResolver#getServiceAuthority}
   * @param attributes what goes with each answer to the load-balancing policy; may be empty
   * @param syncContext the channel's, from {@link NameResolver.Args#getSynchronizationContext}
   */
  public DiscoveryNameResolver(
      Discovery discovery,
      Target target,
      String serviceAuthority,
      Attributes attributes,
      SynchronizationContext syncContext) {
    this.discovery = requireNonNull(discovery, "discovery");
    this.target = requireNonNull(target, "target");
    this.serviceAuthority = requireNonNull(serviceAuthority, "serviceAuthority");
    this.attributes = requireNonNull(attributes, "attributes");
    this.syncContext = requireNonNull(syncContext, "syncContext");
  }

  @Override
  public String getServiceAuthority() {
    return serviceAuthority;
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    watch();
  }

  private void watch() {
    Listener2 started = requireNonNull(listener, "not started");
    try {
      subscription = discovery.watch(target, new Forwarder(started));
    } catch (InvalidValueException e) {
      started.onError(Status.UNAVAILABLE.withDescription(target + ": " + e.getMessage()));
    } catch (RuntimeException e) {
      // gRPC would panic the channel for good; as an error it fails the calls, and refreshes later.
      started.onError(Status.UNAVAILABLE.withDescription(target + ": " + e).withCause(e));
    }
  }

  @Override
  public void refresh() {
    if (shutdown) {
      return;
    }
    if (subscription == null) {
      watch();
      return;
    }
    try {
      subscription.refresh();
    } catch (RuntimeException e) {
      logger.log(Level.WARNING, target + ": its discovery failed to refresh", e);
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    if (subscription == null) {
      return;
    }
    try {
      subscription.close();
    } catch (RuntimeException e) {
      logger.log(Level.WARNING, target + ": its discovery failed to close", e);
    }
  }

  /** Moves what the discovery says into the channel's synchronization context. */
  private final class Forwarder implements Discovery.Listener {
    private final Listener2 listener;

    Forwarder(Listener2 listener) {
      this.listener = listener;
    }

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      ResolutionResult result =
          ResolutionResult.newBuilder()
              .setAddressesOrError(
                  StatusOr.fromValue(endpoints.stream().map(Endpoint::toAddressGroup).toList()))
              .setAttributes(attributes)
              .build();
      syncContext.execute(
          () -> {
            if (!shutdown) {
              listed = true;
              listener.onResult2(result);
            }
          });
    }

    @Override
    public void onError(Status error) {
      syncContext.execute(
          () -> {
            if (!shutdown && !listed) {
              listener.onError(error.isOk() ? NOT_AN_ERROR : error);
            }
          });
    }
  }
}
