package dev.tahini.rpc.tests;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Servers on addresses of this machine, all on one port, as a list of addresses wants them. */
public final class ProbeServers implements AutoCloseable {
  private static final int TRIES = 20;

  private final Map<String, Server> servers;
  private final int port;

  private ProbeServers(Map<String, Server> servers, int port) {
    this.servers = servers;
    this.port = port;
  }

  /** Starts one on each address; its name is the address. */
  public static ProbeServers start(String... addresses) {
    UncheckedIOException taken = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return startOnce(addresses);
      } catch (UncheckedIOException e) {
        taken = e;
      }
    }
    throw new IllegalStateException("no port is free on all of " + List.of(addresses), taken);
  }

  private static ProbeServers startOnce(String... addresses) {
    Map<String, Server> started = new TreeMap<>();
    int port = 0;
    try {
      for (String address : addresses) {
        Server server =
            NettyServerBuilder.forAddress(
                    new InetSocketAddress(address, port), InsecureServerCredentials.create())
                .addService(new ProbeService(address))
                .build()
                .start();
        started.put(address, server);
        port = server.getPort();
      }
      return new ProbeServers(started, port);
    } catch (IOException e) {
      started.values().forEach(Server::shutdownNow);
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Ends a server: its calls first. */
  public void drain(String address) {
    Objects.requireNonNull(servers.get(address), address).shutdown();
  }

  @Override
  public void close() {
    new ArrayList<>(servers.values()).forEach(Server::shutdownNow);
  }
}
