package dev.tahini.rpc.benchmarks.calls;

import static java.util.stream.Collectors.joining;

import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.echo.v1.EchoMessage;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A program: servers on loopback that echo. Prints their addresses in one line; ends with its
 * input. They answer on the event loop, so that most of the machine is left to the client.
 */
public final class EchoServers {
  private EchoServers() {}

  /**
   * Starts them.
   *
   * @param args how many
   */
  public static void main(String[] args) throws IOException {
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      servers.add(
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(new EchoService())
              .directExecutor()
              .build()
              .start());
    }
    System.out.println(
        servers.stream().map(server -> "127.0.0.1:" + server.getPort()).collect(joining(",")));
    System.in.transferTo(OutputStream.nullOutputStream());
    servers.forEach(Server::shutdownNow);
  }

  private static final class EchoService extends EchoGrpc.EchoImplBase {
    @Override
    public void say(EchoMessage request, StreamObserver<EchoMessage> response) {
      response.onNext(request);
      response.onCompleted();
    }
  }
}
