package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.SRVRecord;

/** A host that an SRV record names, and its addresses, of which there is at least one. */
record ServiceTarget(SRVRecord record, List<InetAddress> addresses) {

  /**
   * The endpoints of a group of targets. An endpoint has its target's name, such as a pod's, and
   * its part of the target's weight: if one target has more addresses than another, that must not
   * bring it more calls.
   */
  static List<Endpoint> endpoints(List<ServiceTarget> group) {
    int most = group.stream().mapToInt(target -> target.addresses().size()).max().orElse(1);
    return group.stream().flatMap(target -> target.endpoints(most).stream()).toList();
  }

  private List<Endpoint> endpoints(int mostAddresses) {
    String name = record.getTarget().toString(true);
    long weight = Math.round((double) record.getWeight() * mostAddresses / addresses.size());
    int atLeastOne = (int) Math.max(1, weight);
    return addresses.stream()
        .map(ip -> Endpoint.of(new InetSocketAddress(ip, record.getPort())))
        .map(endpoint -> endpoint.withName(name).withWeight(atLeastOne))
        .toList();
  }
}
