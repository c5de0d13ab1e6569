package dev.tahini.rpc.discovery.dns;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/**
 * Several servers that know the same: where one fails the next is asked, and one that answered is
 * asked first from then on. Thread-safe.
 */
final class DnsServers implements Questions {
  private final List<? extends Questions> servers;
  private final int attempts;
  private volatile int preferred;

  /** The servers, each to be asked up to so many times. */
  DnsServers(List<? extends Questions> servers, int attempts) {
    this.servers = List.copyOf(servers);
    this.attempts = attempts;
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    return ask(name, type, preferred, attempts * servers.size(), new LinkedHashSet<>());
  }

  private CompletionStage<Answer> ask(
      Name name, int type, int index, int tries, Set<String> failures) {
    return servers
        .get(index)
        .ask(name, type)
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Failed failed)) {
                preferred = index;
                return CompletableFuture.completedFuture(answer);
              }
              failures.add(failed.why());
              return tries == 1
                  ? CompletableFuture.completedFuture(
                      new Answer.Failed(String.join("; ", failures)))
                  : ask(name, type, (index + 1) % servers.size(), tries - 1, failures);
            });
  }
}
