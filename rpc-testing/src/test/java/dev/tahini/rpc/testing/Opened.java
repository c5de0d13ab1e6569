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
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new AssertionError("a resource of the test cannot be closed", e);
      }
    }
  }
}
