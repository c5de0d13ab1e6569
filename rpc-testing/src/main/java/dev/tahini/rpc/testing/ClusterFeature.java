package dev.tahini.rpc.testing;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cluster's ear and mouth in its clients: tags their calls with a {@link CallTag}, knows which
 * clients are open, and tells when a connection changes.
 */
final class ClusterFeature implements ClientFeature {
  private final AtomicLong calls = new AtomicLong();
  private final List<ClientView> open = new CopyOnWriteArrayList<>();
  private final Changes changes;

  ClusterFeature(Changes changes) {
    this.changes = changes;
  }

  /** What each open client knows. */
  List<ClientSnapshot> snapshots() {
    return open.stream().map(ClientView::snapshot).toList();
  }

  boolean isOpen(ClientView client) {
    return open.contains(client);
  }

  @Override
  public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
    return List.of(new Tagging());
  }

  @Override
  public Optional<CallEvents> events(ClientView client) {
    open.add(client);
    return Optional.of(new Ear(client));
  }

  /** Outside of a retry feature, so that all attempts of a call have one number. */
  private final class Tagging implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      Pick pick = options.getOption(Pick.OPTION);
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          CallTag.write(calls.incrementAndGet(), pick, headers);
          super.start(listener, headers);
        }
      };
    }
  }

  private final class Ear implements CallEvents {
    private final ClientView client;

    Ear(ClientView client) {
      this.client = client;
    }

    @Override
    public void onBackendState(BackendStateChanged event) {
      changes.signal();
    }

    @Override
    public void onEndpointsApplied(EndpointsApplied event) {
      changes.signal();
    }

    @Override
    public void onClientClosed() {
      open.remove(client);
      changes.signal();
    }
  }
}
