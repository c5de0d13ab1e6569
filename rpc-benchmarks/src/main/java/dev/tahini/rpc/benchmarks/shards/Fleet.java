package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Some endpoints such as {@code 10.3.200.7:8080}, all of weight 1, and the lists that may come
 * after them. Every list is sorted by address, as discoveries give it: one that joins lands among
 * the others, one that leaves moves up those after it.
 *
 * @param endpoints those that are there
 * @param spare one that may join
 */
record Fleet(List<Endpoint> endpoints, Endpoint spare) {
  private static final int PORT = 8080;
  private static final int HOSTS = 1 << 24;
  private static final Comparator<Endpoint> BY_ADDRESS =
      Comparator.comparing(Endpoint::addressText);

  /**
   * A fleet, the same for the same arguments.
   *
   * @param number of the fleet
   * @param size of it
   */
  static Fleet of(int number, int size) {
    SplittableRandom random = new SplittableRandom(1000L * number + size);
    List<Endpoint> drawn =
        random.ints(0, HOSTS).distinct().limit(size + 1L).mapToObj(Fleet::endpoint).toList();
    return new Fleet(sorted(drawn.subList(0, size)), drawn.get(size));
  }

  private static Endpoint endpoint(int host) {
    byte[] ip = {10, (byte) (host >> 16), (byte) (host >> 8), (byte) host};
    try {
      return Endpoint.of(new InetSocketAddress(InetAddress.getByAddress(ip), PORT));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Endpoint> sorted(List<Endpoint> endpoints) {
    return endpoints.stream().sorted(BY_ADDRESS).toList();
  }

  /** The spare one joins. */
  List<Endpoint> withSpare() {
    List<Endpoint> more = new ArrayList<>(endpoints);
    more.add(spare);
    return sorted(more);
  }

  /** One leaves. */
  List<Endpoint> without(int index) {
    List<Endpoint> fewer = new ArrayList<>(endpoints);
    fewer.remove(index);
    return List.copyOf(fewer);
  }

  /** One has another weight. */
  List<Endpoint> reweighted(int index, int weight) {
    List<Endpoint> changed = new ArrayList<>(endpoints);
    changed.set(index, endpoints.get(index).withWeight(weight));
    return List.copyOf(changed);
  }

  /** The first has weight 1, the second 2 and so on. */
  List<Endpoint> ofEveryWeight() {
    return IntStream.range(0, endpoints.size())
        .mapToObj(i -> endpoints.get(i).withWeight(i + 1))
        .toList();
  }

  /** So many indices, evenly over the list. */
  List<Integer> some(int count) {
    int size = endpoints.size();
    return IntStream.range(0, Math.min(count, size))
        .mapToObj(i -> (2 * i + 1) * size / (2 * Math.min(count, size)))
        .toList();
  }
}
