package dev.tahini.rpc.tests.faults;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, on all addresses; it says its port. */
final class ProbeProcess extends ProbeGrpc.ProbeImplBase {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final String name;
  private final long delayMillis;

  private ProbeProcess(String name, long delayMillis) {
    this.name = name;
    this.delayMillis = delayMillis;
  }

  /** Starts one that answers after a while. */
  static ChildJvm start(String name, long delayMillis) {
    List<String> small = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    return ChildJvm.start(ProbeProcess.class, small, name, String.valueOf(delayMillis));
  }

  /** Where it listens on loopback, once it does. */
  static Endpoint endpoint(ChildJvm process) {
    int port = Integer.parseInt(process.line());
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /**
   * The program.
   *
   * @param arguments its name, and how long a call takes, in milliseconds
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ChildJvm.endWithTheTest();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress("0.0.0.0", 0), InsecureServerCredentials.create())
            .addService(new ProbeProcess(arguments[0], Long.parseLong(arguments[1])))
            .build()
            .start();
    ChildJvm.say(String.valueOf(server.getPort()));
    server.awaitTermination();
  }

  @Override
  public void ask(AskRequest request, StreamObserver<AskResponse> observer) {
    ((ServerCallStreamObserver<AskResponse>) observer).setOnCancelHandler(() -> {});
    if (delayMillis == 0) {
      answer(request, observer);
    } else {
      var unused =
          timer.schedule(() -> answer(request, observer), delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void answer(AskRequest request, StreamObserver<AskResponse> observer) {
    observer.onNext(AskResponse.newBuilder().setServer(name).setId(request.getId()).build());
    observer.onCompleted();
  }
}
