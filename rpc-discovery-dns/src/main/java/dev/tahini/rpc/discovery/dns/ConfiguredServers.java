package dev.tahini.rpc.discovery.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** The servers of a configuration that may change. Thread-safe. */
final class ConfiguredServers implements Questions {
  private final Supplier<List<InetSocketAddress>> addresses;
  private final Function<List<InetSocketAddress>, Questions> servers;
  private volatile @Nullable Current current;

  private record Current(List<InetSocketAddress> addresses, Questions questions) {}

  ConfiguredServers(
      Supplier<List<InetSocketAddress>> addresses,
      Function<List<InetSocketAddress>, Questions> servers) {
    this.addresses = addresses;
    this.servers = servers;
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    List<InetSocketAddress> configured = addresses.get();
    Current known = current;
    if (known == null || !known.addresses().equals(configured)) {
      known = new Current(configured, servers.apply(configured));
      current = known;
    }
    return known.questions().ask(name, type);
  }
}
