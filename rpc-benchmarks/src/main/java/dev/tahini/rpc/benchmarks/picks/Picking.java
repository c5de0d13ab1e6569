package dev.tahini.rpc.benchmarks.picks;

/** A contender with its backends. Shared by the threads that pick. */
public interface Picking extends AutoCloseable {

  /** A thread's own calls. */
  Turns turns();

  @Override
  void close();

  /** One thread's calls, which take turns. Confined to it. */
  interface Turns {

    /** Picks for the next call. */
    Object pick();

    /** Picks for the next call, and does what is done with the pick when it is sent and ends. */
    Object call();
  }
}
