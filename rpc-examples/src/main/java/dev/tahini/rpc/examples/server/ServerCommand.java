package dev.tahini.rpc.examples.server;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The command line of a server: listens without TLS until it is told to end. */
@Command(
    name = "server",
    sortOptions = false,
    description = "Serves gRPC without TLS, until SIGTERM or Ctrl-C lets it end its calls.")
public final class ServerCommand implements Callable<Integer> {
  private final Function<Delay, List<BindableService>> services;

  @Option(
      names = "--host",
      description = "Where to listen. Default: ${DEFAULT-VALUE}, so that no other machine sees it.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      description = "The port, or 0 for any that is free. Default: ${DEFAULT-VALUE}")
  private int port = 0;

  @Option(
      names = "--delay-ms",
      description =
          "How long each answer takes; the rpc Admin/SetDelay changes it. Default: ${DEFAULT-VALUE}")
  private int delayMs = 0;

  @Option(
      names = "--end-on-eof",
      description = "End with the standard input: with the process that started this one.")
  private boolean endOnEof;

  /**
   * A server of some services.
   *
   * @param services makes them, given how long their answers take
   */
  public ServerCommand(Function<Delay, List<BindableService>> services) {
    this.services = services;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > 65_535) {
      throw new InvalidValueException("--port", port, "0 to 65535");
    }
    if (delayMs < 0 || delayMs > AdminService.MAX_DELAY_MS) {
      throw new InvalidValueException("--delay-ms", delayMs, "0 to " + AdminService.MAX_DELAY_MS);
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new InvalidValueException("--host", host, "a name or an address of this machine");
    }
    try (Delay delay = new Delay(Duration.ofMillis(delayMs))) {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(address, InsecureServerCredentials.create())
              .addService(new AdminService(delay));
      services.apply(delay).forEach(builder::addService);
      Server server = builder.build().start();
      ServerLifetime lifetime = new ServerLifetime(server);
      lifetime.endOnSignal();
      if (endOnEof) {
        lifetime.endOnEofOf(System.in);
      }
      System.out.println(ListeningLine.of(server));
      server.awaitTermination();
      return ExitCode.OK;
    }
  }
}
