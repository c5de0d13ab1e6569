package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Remembers of each client it is given to what the page shows beyond the present: times, changes,
 * the last five minutes. With Guice {@link DebugHttpModule} installs it; otherwise:
 *
 * <pre>{@code
 * DebugFeature debug = new DebugFeature();
 * DebugHttpOptions options = DebugHttpOptions.defaults();
 * DebugHttpServer server = DebugHttpServer.start(options, DebugPages.of(debug, options));
 * RpcClient.builder(target, GreeterGrpc::newBlockingStub).feature(debug)
 * }</pre>
 *
 * <p>Thread-safe. Clients leave when they are closed.
 */
public final class DebugFeature implements ClientFeature {
  private final AtomicInteger made = new AtomicInteger();
  private final Map<Integer, ClientRecord> clients = new ConcurrentHashMap<>();

  /** With no clients yet. */
  public DebugFeature() {}

  @Override
  public Optional<CallEvents> events(ClientView client) {
    int number = made.incrementAndGet();
    ClientRecord record =
        new ClientRecord(Integer.toString(number), client, () -> clients.remove(number));
    clients.put(number, record);
    return Optional.of(record);
  }

  /** Those that are open, in the order of their making. */
  List<ClientRecord> clients() {
    return clients.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .map(Map.Entry::getValue)
        .toList();
  }
}
