package dev.tahini.rpc.benchmarks.kubernetes;

/** What the figures of a run are called. */
final class Metrics {
  static final String ONE_MORE = "one pod more";
  static final String LIST = "list of 5,000 endpoints";
  static final String CHANGE = "one of them changes";

  /** From just before the slice is written to the first call that the pod gets. */
  static final String TO_FIRST_CALL = "ms to the first call";

  static final String FAILED = "failed calls";

  /** From the request, or the change, to the delivered list. */
  static final String TO_LIST = "ms to the list";

  /** What the client's threads spend on a processor. */
  static final String CPU = "CPU ms";

  /** What they allocate. */
  static final String ALLOCATED = "kB";

  private Metrics() {}
}
