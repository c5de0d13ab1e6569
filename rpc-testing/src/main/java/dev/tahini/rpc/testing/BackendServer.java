package dev.tahini.rpc.testing;

import io.grpc.Server;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The life of a backend: servers that come and go behind one front. Thread-safe: one change of life
 * at a time, under a lock that nothing takes which is called back from gRPC or Netty; waiting for
 * the end of servers is outside of it.
 */
final class BackendServer {
  private final ReentrantLock life = new ReentrantLock();
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final String name;
  private final Front front;
  private final ServerRecipe recipe;
  private final Changes changes;
  private volatile Phase phase = Phase.KILLED;

  private enum Phase {
    UP,
    DRAINING,
    KILLED,
    CLOSED
  }

  BackendServer(String name, Front front, ServerRecipe recipe, Changes changes) {
    this.name = name;
    this.front = front;
    this.recipe = recipe;
    this.changes = changes;
  }

  boolean isUp() {
    return phase == Phase.UP;
  }

  /** Whether a client can connect. */
  boolean isReachable() {
    return isUp() && front.isPassable();
  }

  /** Changes the phase, or leaves it, while nobody else does. */
  private void alone(UnaryOperator<Phase> change) {
    life.lock();
    try {
      phase = change.apply(phase);
    } finally {
      life.unlock();
    }
  }

  private IllegalStateException misused(String what, Object state, String expected) {
    return new IllegalStateException(
        what + ": backend " + name + " is " + state + " (expected: " + expected + ")");
  }

  /** Starts for the first time, or again. */
  void start() {
    if (isUp()) {
      throw misused("restart", "up", "one that was killed or drained");
    }
    awaitEnded();
    alone(
        now -> {
          if (now == Phase.CLOSED || now == Phase.UP) {
            throw misused("restart", now, "one that was killed or drained");
          }
          startServer();
          return Phase.UP;
        });
  }

  private void startServer() {
    Server started = recipe.start(name, front.newServer());
    try {
      front.open(started);
    } catch (RuntimeException | Error e) {
      started.shutdownNow();
      throw e;
    }
    servers.add(started);
  }

  /** Cuts connections and calls. Nothing happens to one that is killed already. */
  void kill() {
    alone(
        now -> {
          if (now == Phase.CLOSED) {
            throw misused("kill", now, "an open one");
          }
          front.cut();
          servers.forEach(Server::shutdownNow);
          return Phase.KILLED;
        });
    awaitEnded();
  }

  /** Says goodbye and lets calls in flight finish. Nothing happens to one that is draining. */
  void drain() {
    alone(
        now -> {
          if (now == Phase.KILLED || now == Phase.CLOSED) {
            throw misused("drain", "down", "one that is up");
          }
          front.shut();
          servers.forEach(Server::shutdown);
          return Phase.DRAINING;
        });
  }

  /** Puts a fresh server behind the front, and says goodbye on the connections of the others. */
  void replace(String fault) {
    alone(
        now -> {
          if (now != Phase.UP) {
            throw misused(fault, "down", "one that is up");
          }
          List<Server> old = List.copyOf(servers);
          startServer();
          old.forEach(Server::shutdown);
          servers.removeIf(Server::isTerminated);
          return now;
        });
  }

  /** Does something to the sockets. */
  void withSockets(String fault, Consumer<Relay> change) {
    alone(
        now -> {
          if (now == Phase.CLOSED) {
            throw misused(fault, now, "an open one");
          }
          change.accept(front.sockets(fault));
          return now;
        });
  }

  /** Opens the front to everybody again, if it has been anything else. */
  void heal() {
    if (!front.isPassable()) {
      withSockets("heal", Relay::heal);
    }
  }

  /** Whether all servers but the newest have ended. */
  boolean isReplaced() {
    return servers.stream().filter(server -> !server.isTerminated()).count() <= 1;
  }

  /** Waits until every server has ended that was drained or killed. */
  void awaitEnded() {
    changes.await(
        () -> "backend " + name + " to end; it has connections with calls in flight",
        () -> isUp() || servers.stream().allMatch(Server::isTerminated));
    servers.removeIf(Server::isTerminated);
  }

  /** Cuts everything for good, also if the front complains; does not wait. Idempotent. */
  void close() {
    life.lock();
    try {
      if (phase != Phase.CLOSED) {
        phase = Phase.CLOSED;
        cutForGood();
      }
    } finally {
      life.unlock();
    }
  }

  private void cutForGood() {
    try {
      front.close();
    } finally {
      servers.forEach(Server::shutdownNow);
    }
  }
}
