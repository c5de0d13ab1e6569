package dev.tahini.rpc.core;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Whose turn it is to connect: a long list is not connected all at once, but so many at a time, in
 * the order of asking. Confined to the balancer's synchronization context.
 *
 * <p>What gRPC begins by itself is counted but not held up: the next try of a backend that failed,
 * and the connect of a queued one that a call picks by key or address. One that waits for its first
 * turn, or lost a connection that had lasted, is IDLE and has its subchannel as its result, so that
 * such a call need not wait.
 */
final class ConnectQueue {
  /** Enough to connect 10,000 in seconds where they answer. */
  static final int MOST_AT_ONCE = 256;

  /** With those that are slow: a dead network holds no more sockets than this. */
  static final int MOST_IN_ALL = 1_024;

  private final Set<BackendConnection> waiting = new LinkedHashSet<>();
  private final Set<BackendConnection> connecting = new LinkedHashSet<>();
  private final Set<BackendConnection> slow = new LinkedHashSet<>();
  private boolean closed;

  /** Lets a connection begin when it is its turn; once, however often it asks. */
  void ask(BackendConnection connection) {
    if (!connecting.contains(connection) && !slow.contains(connection) && waiting.add(connection)) {
      fill();
    }
  }

  /** It has begun, maybe out of turn. */
  void began(BackendConnection connection) {
    waiting.remove(connection);
    connecting.add(connection);
  }

  /** It takes long: the next may begin beside it, so that the dead do not hold up the living. */
  void slow(BackendConnection connection) {
    if (connecting.remove(connection)) {
      slow.add(connection);
      fill();
    }
  }

  /** It is connected, or has failed: the next may begin. */
  void ended(BackendConnection connection) {
    waiting.remove(connection);
    connecting.remove(connection);
    slow.remove(connection);
    fill();
  }

  /** These will not connect any more; none of them begins meanwhile. */
  void leave(Collection<BackendConnection> leaving) {
    leaving.forEach(waiting::remove);
    leaving.forEach(connecting::remove);
    leaving.forEach(slow::remove);
    fill();
  }

  /** Lets nobody begin any more. */
  void close() {
    closed = true;
    waiting.clear();
    connecting.clear();
    slow.clear();
  }

  private void fill() {
    while (!closed && !waiting.isEmpty() && hasRoom()) {
      Iterator<BackendConnection> first = waiting.iterator();
      BackendConnection next = first.next();
      first.remove();
      connecting.add(next);
      next.connect();
    }
  }

  private boolean hasRoom() {
    return connecting.size() < MOST_AT_ONCE && connecting.size() + slow.size() < MOST_IN_ALL;
  }
}
