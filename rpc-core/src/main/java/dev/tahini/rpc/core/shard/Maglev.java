package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Envoy's {@code maglev}: a table of slots that hosts take in turn, each along a permutation of its
 * own.
 *
 * @param tableSize how many slots there are
 */
record Maglev(int tableSize) implements ShardMap {
  static final int LARGEST_TABLE = 5_000_011;

  Maglev {
    if (tableSize > LARGEST_TABLE || !isPrime(tableSize)) {
      throw new InvalidValueException("tableSize", tableSize, "a prime, 2 to " + LARGEST_TABLE);
    }
  }

  private static boolean isPrime(int number) {
    return number >= 2
        && IntStream.iterate(2, i -> i * i <= number, i -> i + 1).noneMatch(i -> number % i == 0);
  }

  @Override
  public String name() {
    return "maglev";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    return table(Host.sorted(endpoints, Endpoint::addressText));
  }

  /** The table of hosts in the order given. */
  MaglevTable table(List<Host> hosts) {
    return new MaglevTable(hosts, new MaglevSlots(hosts, tableSize).fill());
  }
}
