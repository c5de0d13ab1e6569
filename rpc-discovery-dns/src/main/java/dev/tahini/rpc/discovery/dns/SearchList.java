package dev.tahini.rpc.discovery.dns;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;

/**
 * Where names that are not absolute are looked for, as {@code resolv.conf(5)} has it. Immutable.
 *
 * @param domains absolute, in the order in which they are tried
 * @param ndots a name with fewer dots is tried in the domains first, and as it is last
 */
record SearchList(List<Name> domains, int ndots) {

  SearchList {
    domains = List.copyOf(domains);
  }

  /** The absolute names that a name may stand for, in order; at least one. */
  List<Name> candidates(Name name) {
    if (name.isAbsolute()) {
      return List.of(name);
    }
    List<Name> tried = new ArrayList<>(domains);
    boolean hasEnoughDots = name.labels() - 1 >= ndots;
    tried.add(hasEnoughDots ? 0 : tried.size(), Name.root);
    List<Name> candidates = new ArrayList<>();
    for (Name domain : tried) {
      addConcatenated(candidates, name, domain);
    }
    return candidates;
  }

  /** A name that becomes too long in a domain is none of it. */
  private static void addConcatenated(List<Name> candidates, Name name, Name domain) {
    try {
      candidates.add(Name.concatenate(name, domain));
    } catch (NameTooLongException e) {
      // left out, as the system's resolver does
    }
  }
}
