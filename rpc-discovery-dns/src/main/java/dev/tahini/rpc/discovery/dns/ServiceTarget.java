package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.SRVRecord;

/** A host that an SRV record names, and its addresses, of which there is at least one. */
record ServiceTarget(SRVRecord record, List<InetAddress> addresses) {

  /** Numbers of addresses whose multiple is greater are not told apart exactly. */
  private static final int MOST_PARTS = 10_000;

  /**
   * The endpoints of a group of targets. An endpoint has its target's name, such as a pod's, and
   * its part of the target's weight: if one target has more addresses than another, that must not
   * bring it more calls. A weight of 0 counts as 1.
   */
  static List<Endpoint> endpoints(List<ServiceTarget> group) {
    int parts = 1;
    for (ServiceTarget target : group) {
      parts = Math.min(MOST_PARTS, leastCommonMultiple(parts, target.addresses().size()));
    }
    int all = parts;
    return group.stream().flatMap(target -> target.endpoints(all).stream()).toList();
  }

  private static int leastCommonMultiple(int one, int other) {
    int gcd = one;
    for (int rest = other; rest != 0; ) {
      int next = gcd % rest;
      gcd = rest;
      rest = next;
    }
    return one / gcd * other;
  }

  private List<Endpoint> endpoints(int parts) {
    String name = record.getTarget().canonicalize().toString(true);
    int ofTarget = Math.max(1, record.getWeight());
    int weight = (int) Math.max(1, Math.round((double) ofTarget * parts / addresses.size()));
    return addresses.stream()
        .map(ip -> Endpoint.of(new InetSocketAddress(ip, record.getPort())))
        .map(endpoint -> endpoint.withName(name).withWeight(weight))
        .toList();
  }
}
