package dev.tahini.rpc.benchmarks.shards;

/** The names of what is measured, and of its units. */
final class Scenarios {
  static final String NEEDLESS = "needless %";
  static final String MOST = "max/avg";
  static final String OFF = "off %";
  static final String NANOS = "ns";
  static final String WALL_NANOS = "wall ns";
  static final String BYTES = "bytes";
  static final String MILLIS = "ms";
  static final String WALL_MILLIS = "wall ms";
  static final String MEGABYTES = "MB";
  static final String REACHED = "backends";

  private Scenarios() {}

  /** Keys that move though they need not, when one backend leaves. */
  static String leaves(int backends) {
    return at("one leaves", backends);
  }

  /** The same when one joins. */
  static String joins(int backends) {
    return at("one joins", backends);
  }

  /** The same when one's weight goes from 1 to 2. */
  static String reweighted(int backends) {
    return at("one re-weighted", backends);
  }

  /** The keys of the backend that has most. */
  static String spread(int backends) {
    return at("spread", backends);
  }

  /** How far keys are from the weights 1, 2, 3 and so on. */
  static String weights(int backends) {
    return at("weights 1 to " + backends, backends);
  }

  /** The backends that have any keys. */
  static String reach(int backends) {
    return at("reach", backends);
  }

  static String lookUp(int backends) {
    return at("look-up", backends);
  }

  /** From nothing. */
  static String build(int backends) {
    return at("build", backends);
  }

  /** From the last table. */
  static String added(int backends) {
    return at("one added", backends);
  }

  /** From the last table. */
  static String removed(int backends) {
    return at("one removed", backends);
  }

  static String table(int backends) {
    return at("table", backends);
  }

  private static String at(String what, int backends) {
    return what + ", N=" + backends;
  }
}
