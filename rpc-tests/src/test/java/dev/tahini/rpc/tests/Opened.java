package dev.tahini.rpc.tests;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test opens, closed with it: the newest first. Driven by the test's one thread. */
final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    AssertionError failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception | AssertionError e) {
        failure =
            failure == null ? new AssertionError("what is open cannot be closed", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
