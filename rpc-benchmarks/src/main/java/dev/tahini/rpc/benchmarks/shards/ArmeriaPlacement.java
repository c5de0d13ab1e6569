package dev.tahini.rpc.benchmarks.shards;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import dev.tahini.rpc.Endpoint;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.openhft.hashing.LongHashFunction;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Armeria's sticky selection: the jump hash of Guava over the index in the list, which it leaves to
 * its user to hash a key for: here by XXH64. It knows no weights.
 *
 * <p>Source: J. Lamping, E. Veach, A Fast, Minimal Memory, Consistent Hash Algorithm, 2014.
 */
final class ArmeriaPlacement implements Placement {
  private static final LongHashFunction XXH64 = LongHashFunction.xx();

  private final ClientRequestContext call =
      ClientRequestContext.of(HttpRequest.of(HttpMethod.POST, "/"));
  private long hash;
  private List<Endpoint> endpoints;
  private EndpointGroup group;

  ArmeriaPlacement(List<Endpoint> endpoints) {
    this.endpoints = endpoints;
    this.group = group(endpoints);
  }

  private EndpointGroup group(List<Endpoint> endpoints) {
    EndpointGroup made =
        EndpointGroup.of(
            EndpointSelectionStrategy.sticky(context -> hash),
            endpoints.stream().map(ArmeriaPlacement::theirs).toList());
    made.selectNow(call); // It makes its selector at the first one.
    return made;
  }

  private static com.linecorp.armeria.client.Endpoint theirs(Endpoint endpoint) {
    InetSocketAddress address = (InetSocketAddress) endpoint.address();
    return com.linecorp.armeria.client.Endpoint.of(
        address.getAddress().getHostAddress(), address.getPort());
  }

  private static Map<com.linecorp.armeria.client.Endpoint, Integer> indices(
      List<Endpoint> endpoints) {
    Map<com.linecorp.armeria.client.Endpoint, Integer> indices = new HashMap<>();
    endpoints.forEach(each -> indices.put(theirs(each), indices.size()));
    return indices;
  }

  @Override
  public void change(List<Endpoint> next) {
    group.close();
    endpoints = next;
    group = group(next);
  }

  @Override
  public LookUps lookUps(ShardKeys keys) {
    Map<com.linecorp.armeria.client.Endpoint, Integer> indices = indices(endpoints);
    return new LookUps() {
      @Override
      public int owner(int key) {
        return requireNonNull(
            indices.get(select(XXH64.hashBytes(keys.bytes(key)))), "an unknown endpoint");
      }

      @Override
      public void lookUp(int key, Blackhole sink) {
        sink.consume(select(XXH64.hashBytes(keys.bytes(key))));
      }
    };
  }

  com.linecorp.armeria.client.Endpoint select(long keyHash) {
    hash = keyHash;
    return requireNonNull(group.selectNow(call), "no endpoint");
  }

  @Override
  public Optional<Object> table() {
    return Optional.empty();
  }

  @Override
  public void close() {
    group.close();
  }
}
