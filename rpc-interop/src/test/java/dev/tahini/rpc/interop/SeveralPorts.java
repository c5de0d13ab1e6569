package dev.tahini.rpc.interop;

import static java.util.Objects.requireNonNull;

import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds one server that listens on several ports of the loopback: a client's backends. */
final class SeveralPorts extends ForwardingServerBuilder<SeveralPorts> {
  static final int PORTS = 3;

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final NettyServerBuilder builder;
  private final Collection<String> encodings = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Server server;

  SeveralPorts() {
    builder =
        NettyServerBuilder.forAddress(anyPort(), InsecureServerCredentials.create())
            .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
            .intercept(new RecordEncoding());
    for (int i = 1; i < PORTS; i++) {
      builder.addListenAddress(anyPort());
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Override
  protected ServerBuilder<?> delegate() {
    return builder;
  }

  @Override
  public Server build() {
    Server built = super.build();
    server = built;
    return built;
  }

  /** What a client of the server that was built and started has to call. */
  String target() {
    return requireNonNull(server, "not built yet").getListenSockets().stream()
        .map(SeveralPorts::hostPort)
        .collect(Collectors.joining(",", "static:///", ""));
  }

  private static String hostPort(SocketAddress address) {
    InetSocketAddress socket = (InetSocketAddress) address;
    return socket.getAddress().getHostAddress() + ":" + socket.getPort();
  }

  /** How the calls that named one had their messages compressed. */
  Collection<String> encodings() {
    return encodings;
  }

  private final class RecordEncoding implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String encoding = headers.get(ENCODING);
      if (encoding != null) {
        encodings.add(encoding);
      }
      return next.startCall(call, headers);
    }
  }
}
