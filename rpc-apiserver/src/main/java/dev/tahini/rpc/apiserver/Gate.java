package dev.tahini.rpc.apiserver;

/** Holds threads while it is shut. Thread-safe; open at first. */
final class Gate {
  private boolean isShut;

  synchronized void shut() {
    isShut = true;
  }

  synchronized void open() {
    isShut = false;
    notifyAll();
  }

  /** Waits while shut. */
  synchronized void pass() throws InterruptedException {
    while (isShut) {
      wait();
    }
  }
}
