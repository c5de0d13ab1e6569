package dev.tahini.rpc.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test opens, closed with it: the newest first. */
final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
