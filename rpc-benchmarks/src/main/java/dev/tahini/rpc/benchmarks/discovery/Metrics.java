package dev.tahini.rpc.benchmarks.discovery;

/** What the figures of a run are called. */
final class Metrics {
  static final String ONE_MORE = "one backend more";
  static final String CALLS_MADE = "calls meanwhile";

  /** From just before nsupdate was started. */
  static final String SECONDS = "s";

  /** From nsupdate's end. */
  static final String SECONDS_AFTER = "s after nsupdate";

  /** How long nothing came, where nothing did. */
  static final String NOT_SEEN = "s without a call";

  static final String LOOK_UPS = "look-ups";
  static final String CALLS = "calls";
  static final String FAILED = "failed";

  private Metrics() {}
}
