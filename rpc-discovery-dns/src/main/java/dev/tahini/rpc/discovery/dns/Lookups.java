package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/** Makes the look-up of each target. Thread-safe. */
final class Lookups {
  private final DnsOptions options;
  private final Supplier<DnsConfig> system;
  private final HostsFile hostsFile;
  private final Function<InetSocketAddress, Questions> server;
  private final Questions servers;

  Lookups(
      DnsOptions options,
      Supplier<DnsConfig> system,
      HostsFile hostsFile,
      Function<InetSocketAddress, Questions> server) {
    this.options = options;
    this.system = system;
    this.hostsFile = hostsFile;
    this.server = server;
    this.servers = new ConfiguredServers(this::serverAddresses, this::servers);
  }

  private List<InetSocketAddress> serverAddresses() {
    return options.servers().isEmpty() ? system.get().servers() : options.servers();
  }

  private SearchList searchList() {
    DnsOptions.Search search = options.search();
    return search == null ? system.get().search() : search.toList();
  }

  private Questions servers(List<InetSocketAddress> addresses) {
    return new AliasFollower(
        new DnsServers(addresses.stream().map(server).toList(), options.attempts()));
  }

  EndpointLookup of(DnsTarget target) {
    Questions questions = target.servers().isEmpty() ? servers : servers(target.servers());
    DnsTarget.Subject subject = target.subject();
    if (subject instanceof DnsTarget.Subject.Service service) {
      return ofService(service.name(), questions, target.family());
    }
    if (subject instanceof DnsTarget.Subject.Host host) {
      boolean isOfSystem = target.servers().isEmpty() && options.servers().isEmpty();
      return ofHost(host, questions, target.family(), isOfSystem);
    }
    if (subject instanceof DnsTarget.Subject.Localhost localhost) {
      return stays -> ofLocalhost(localhost.port(), target.family());
    }
    InetSocketAddress address = ((DnsTarget.Subject.Literal) subject).address();
    return stays -> found(List.of(Endpoint.of(address)));
  }

  private EndpointLookup ofService(Name name, Questions questions, Family family) {
    AnswerMemory memory = new AnswerMemory();
    ServiceLookup services = new ServiceLookup(questions, memory, family);
    NameSearch search = new NameSearch(name, this::searchList);
    return stays -> {
      memory.beginAgain();
      return search.first(stays, services::lookUp).thenApply(memory::end);
    };
  }

  private EndpointLookup ofHost(
      DnsTarget.Subject.Host host, Questions questions, Family family, boolean isOfSystem) {
    AnswerMemory memory = new AnswerMemory();
    HostLookup hosts = new HostLookup(memory.over(questions), family);
    NameSearch search = new NameSearch(host.name(), this::searchList);
    return stays -> {
      Resolved<InetAddress> listed = isOfSystem ? hostsFile.lookUp(host.name(), family) : null;
      memory.beginAgain();
      CompletionStage<Resolved<InetAddress>> found =
          listed != null
              ? CompletableFuture.completedFuture(listed)
              : search.first(stays, hosts::lookUp).thenApply(memory::end);
      return found.thenApply(resolved -> resolved.with(endpoints(resolved.values(), host.port())));
    };
  }

  /** As the system has it: some machines have no IPv6. */
  private static CompletionStage<Resolved<Endpoint>> ofLocalhost(int port, Family family) {
    try {
      List<InetAddress> own =
          Arrays.stream(InetAddress.getAllByName("localhost")).filter(family::has).toList();
      return own.isEmpty()
          ? CompletableFuture.completedFuture(
              Resolved.none("localhost: no address of family " + family, Long.MAX_VALUE))
          : found(endpoints(own, port));
    } catch (UnknownHostException e) {
      return found(endpoints(List.of(InetAddress.getLoopbackAddress()), port));
    }
  }

  private static CompletionStage<Resolved<Endpoint>> found(List<Endpoint> endpoints) {
    return CompletableFuture.completedFuture(Resolved.found(endpoints, Long.MAX_VALUE));
  }

  private static List<Endpoint> endpoints(List<InetAddress> addresses, int port) {
    return addresses.stream()
        .map(address -> Endpoint.of(new InetSocketAddress(address, port)))
        .toList();
  }
}
