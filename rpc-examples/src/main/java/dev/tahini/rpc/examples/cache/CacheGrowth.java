package dev.tahini.rpc.examples.cache;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.core.shard.ShardMaps;
import dev.tahini.rpc.examples.cli.Cli;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Says what a server more costs the cache, by the shard map alone: it calls nobody. */
@Command(
    name = "cache-growth",
    description = "Says how many of 10,000 keys move when the server NEW joins the others.")
public final class CacheGrowth implements Callable<Integer> {
  private static final int KEYS = 10_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "IP:PORT",
      split = ",",
      defaultValue = "10.0.0.1:50061,10.0.0.2:50061,10.0.0.3:50061,10.0.0.4:50061",
      description = "The servers so far; by default ${DEFAULT-VALUE}.")
  private List<String> servers = List.of();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NEW",
      defaultValue = "10.0.0.5:50061",
      description = "The server that joins; by default ${DEFAULT-VALUE}.")
  private String newcomer = "";

  /**
   * Runs the command.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Cli.run(new CacheGrowth(), args));
  }

  @Override
  public Integer call() {
    List<Endpoint> before = servers.stream().map(CacheGrowth::endpoint).toList();
    List<String> keys = IntStream.range(0, KEYS).mapToObj(i -> "user-" + i).toList();
    System.out.println(MovedKeys.of(ShardMaps.standard(), before, endpoint(newcomer), keys));
    return ExitCode.OK;
  }

  private static Endpoint endpoint(String address) {
    HostPort parts = HostPort.parse(address);
    return Endpoint.of(new InetSocketAddress(parts.host(), parts.portNumber()));
  }
}
