package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Type;

/**
 * Finds the endpoints of a service by its SRV records (RFC 2782): those of the lowest priority of
 * which any endpoint is known. Thread-safe.
 */
final class ServiceLookup {
  private final Questions questions;
  private final AnswerMemory memory;
  private final Family family;

  ServiceLookup(Questions questions, AnswerMemory memory, Family family) {
    this.questions = questions;
    this.memory = memory;
    this.family = family;
  }

  CompletionStage<Resolved<Endpoint>> lookUp(Name name) {
    return memory
        .over(questions)
        .ask(name, Type.SRV)
        .thenCompose(
            answer -> {
              Resolved<SRVRecord> records =
                  Resolved.of(name + " SRV", answer, SRVRecord.class::cast);
              List<Record> additional =
                  answer instanceof Answer.Found found && found.failure() == null
                      ? found.additional()
                      : List.of();
              Questions withAdditional = new AdditionalAnswers(additional, questions);
              return targets(records, new HostLookup(memory.over(withAdditional), family));
            });
  }

  private static CompletionStage<Resolved<Endpoint>> targets(
      Resolved<SRVRecord> records, HostLookup hosts) {
    List<SRVRecord> offered = records.values().stream().filter(ServiceLookup::isOffered).toList();
    if (offered.isEmpty() && !records.values().isEmpty() && records.failure() == null) {
      return CompletableFuture.completedFuture(
          Resolved.none(
              records.values().get(0).getName() + " SRV: the service is not offered",
              records.ttlSeconds()));
    }
    Iterator<List<SRVRecord>> groups =
        offered.stream()
            .collect(
                Collectors.groupingBy(SRVRecord::getPriority, TreeMap::new, Collectors.toList()))
            .values()
            .iterator();
    return firstGroup(records.with(List.of()), groups, hosts);
  }

  /** A target of "." says that there is no such service here. */
  private static boolean isOffered(SRVRecord record) {
    return !record.getTarget().equals(Name.root) && record.getPort() != 0;
  }

  /** A group that failed is waited for: the next is for when there is nothing in this one. */
  private static CompletionStage<Resolved<Endpoint>> firstGroup(
      Resolved<Endpoint> soFar, Iterator<List<SRVRecord>> groups, HostLookup hosts) {
    if (!groups.hasNext()) {
      return CompletableFuture.completedFuture(soFar);
    }
    return group(groups.next(), hosts)
        .thenCompose(
            found -> {
              Resolved<Endpoint> all = soFar.and(found);
              return found.isNone()
                  ? firstGroup(all, groups, hosts)
                  : CompletableFuture.completedFuture(all);
            });
  }

  private static CompletionStage<Resolved<Endpoint>> group(
      List<SRVRecord> records, HostLookup hosts) {
    List<CompletionStage<Resolved<ServiceTarget>>> targets = new ArrayList<>();
    for (SRVRecord record : records) {
      targets.add(
          hosts
              .lookUp(record.getTarget())
              .thenApply(found -> found.with(target(record, found.values()))));
    }
    return Resolved.allOf(targets)
        .thenApply(found -> found.with(ServiceTarget.endpoints(found.values())));
  }

  private static List<ServiceTarget> target(SRVRecord record, List<InetAddress> addresses) {
    return addresses.isEmpty() ? List.of() : List.of(new ServiceTarget(record, addresses));
  }
}
