package dev.tahini.rpc.discovery.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Finds the addresses of a host: its A and AAAA records, asked for at once. Thread-safe. */
final class HostLookup {
  private final Questions questions;
  private final Family family;

  HostLookup(Questions questions, Family family) {
    this.questions = questions;
    this.family = family;
  }

  CompletionStage<Resolved<InetAddress>> lookUp(Name name) {
    return Resolved.allOf(family.types().stream().map(type -> lookUp(name, type)).toList());
  }

  private CompletionStage<Resolved<InetAddress>> lookUp(Name name, int type) {
    String question = name + " " + Type.string(type);
    return questions
        .ask(name, type)
        .thenApply(answer -> ofType(type, Resolved.of(question, answer, HostLookup::address)));
  }

  /** Java takes an AAAA record of an IPv4 address for that address: the A records have those. */
  private static Resolved<InetAddress> ofType(int type, Resolved<InetAddress> found) {
    return found.with(
        found.values().stream()
            .filter(address -> (type == Type.A) == (address instanceof Inet4Address))
            .toList());
  }

  private static InetAddress address(Record record) {
    return record instanceof ARecord a ? a.getAddress() : ((AAAARecord) record).getAddress();
  }
}
