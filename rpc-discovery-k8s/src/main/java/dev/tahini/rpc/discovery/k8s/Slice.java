package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * What a slice says of one port of its service. Immutable.
 *
 * @param isIpv6 the family of its addresses
 * @param members its endpoints at that port; none where it has not that port
 * @param otherPorts where it has endpoints but not that port: the ports that it has
 */
record Slice(boolean isIpv6, List<Member> members, Set<String> otherPorts) {

  /** What may become of an endpoint. */
  enum Use {
    /** It takes calls. */
    READY,
    /** It takes calls and is about to leave; used where none is ready. */
    TERMINATING,
    /** It takes none. */
    NOT
  }

  /** An endpoint, and whether it is used. */
  record Member(Endpoint endpoint, Use use) {}
}
