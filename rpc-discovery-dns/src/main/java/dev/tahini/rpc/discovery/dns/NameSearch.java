package dev.tahini.rpc.discovery.dns;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * Looks for one name in the domains of the search list. The next domain is tried only if it is
 * certain that there is nothing in this one: a failure must not lead to another service. The name
 * that was found is kept until it is believed to be gone, so that a client stays with its service,
 * and the names before it are not asked for again and again.
 *
 * <p>Belongs to one watch, which looks up one time after the other.
 */
final class NameSearch {
  private final Name name;
  private final Supplier<SearchList> list;
  private volatile @Nullable Name found;

  NameSearch(Name name, Supplier<SearchList> list) {
    this.name = name;
    this.list = list;
  }

  /**
   * What the first candidate has of which the look-up finds anything, or fails.
   *
   * @param stays whether the name that was found is the only candidate
   */
  <T> CompletionStage<Resolved<T>> first(
      boolean stays, Function<Name, CompletionStage<Resolved<T>>> lookUp) {
    Name known = found;
    Collection<Name> candidates =
        stays && known != null ? List.of(known) : list.get().candidates(name);
    return first(candidates.iterator(), null, lookUp);
  }

  private <T> CompletionStage<Resolved<T>> first(
      Iterator<Name> candidates,
      @Nullable Resolved<T> noneSoFar,
      Function<Name, CompletionStage<Resolved<T>>> lookUp) {
    Name candidate = candidates.next();
    return lookUp
        .apply(candidate)
        .thenCompose(
            resolved -> {
              if (!resolved.values().isEmpty()) {
                found = candidate;
              }
              if (!resolved.isNone()) {
                return CompletableFuture.completedFuture(resolved.after(noneSoFar));
              }
              Resolved<T> none = noneSoFar == null ? resolved : noneSoFar.and(resolved);
              return candidates.hasNext()
                  ? first(candidates, none, lookUp)
                  : CompletableFuture.completedFuture(none);
            });
  }
}
