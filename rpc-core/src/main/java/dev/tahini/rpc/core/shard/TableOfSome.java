package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.ShardMap;
import java.util.function.IntPredicate;

/**
 * A table of some of a list's endpoints, as a table of them all: the others own nothing, and come
 * last in each key's order. Immutable.
 */
final class TableOfSome implements ShardMap.Table {
  private final ShardMap.Table table;
  private final int[] owners;
  private final int[] others;

  /**
   * The table of all.
   *
   * @param table of some, whose indices are those of their list
   * @param owners their indices in the list of all
   * @param others the indices of the rest
   */
  TableOfSome(ShardMap.Table table, int[] owners, int[] others) {
    this.table = table;
    this.owners = owners;
    this.others = others;
  }

  /** The table of some. */
  ShardMap.Table table() {
    return table;
  }

  @Override
  public long hash(byte[] key) {
    return table.hash(key);
  }

  @Override
  public int owner(long hash) {
    return owners[table.owner(hash)];
  }

  @Override
  public int owner(long hash, IntPredicate usable) {
    int owner = table.owner(hash, i -> usable.test(owners[i]));
    if (owner >= 0) {
      return owners[owner];
    }
    for (int other : others) {
      if (usable.test(other)) {
        return other;
      }
    }
    return -1;
  }

  @Override
  public int owners(long hash, int[] first) {
    int count = table.owners(hash, first);
    for (int i = 0; i < count; i++) {
      first[i] = owners[first[i]];
    }
    int more = Math.min(first.length - count, others.length);
    System.arraycopy(others, 0, first, count, more);
    return count + more;
  }

  @Override
  public double share(int index) {
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] == index) {
        return table.share(i);
      }
    }
    return 0;
  }
}
