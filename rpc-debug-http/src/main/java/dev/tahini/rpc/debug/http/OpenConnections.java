package dev.tahini.rpc.debug.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The connections of a server, and who of them waits for a request. For its one thread. */
final class OpenConnections {
  private final Limits limits;
  private final Set<Channel> open = new HashSet<>();
  private final LinkedHashSet<Channel> waiting = new LinkedHashSet<>(); // the longest first
  private final Set<Channel> streams = new HashSet<>();

  OpenConnections(Limits limits) {
    this.limits = limits;
  }

  /** Takes one in; if there are too many, the one that has waited longest is cut. */
  void add(Channel channel) {
    if (open.size() >= limits.connections()) {
      Channel leaving = waiting.isEmpty() ? channel : waiting.iterator().next();
      remove(leaving);
      ChannelFuture unused = leaving.close();
    }
    if (channel.isOpen()) {
      open.add(channel);
      waiting.add(channel);
    }
  }

  void waits(Channel channel) {
    if (open.contains(channel)) {
      waiting.add(channel);
    }
  }

  void isServed(Channel channel) {
    waiting.remove(channel);
  }

  /** Takes a place for a stream, if there is one. */
  boolean tryStream(Channel channel) {
    return streams.size() < limits.streams() && streams.add(channel);
  }

  void remove(Channel channel) {
    open.remove(channel);
    waiting.remove(channel);
    streams.remove(channel);
  }

  List<Channel> all() {
    return List.copyOf(open);
  }
}
