package dev.tahini.rpc.testing.lab;

/**
 * Between every client and every server, the same delay one way. Nothing is lost, nothing
 * overtakes. Immutable.
 */
record Network(Events events, long delayNanos) {

  void send(Runnable arrival) {
    events.after(delayNanos, arrival);
  }
}
