package dev.tahini.rpc.discovery.dns;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of queries. Thread-safe. */
final class QueryCounts {
  final LongAdder answered = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder timedOut = new LongAdder();
  final LongAdder unreachable = new LongAdder();
  final LongAdder malformed = new LongAdder();

  DnsStatistics snapshot() {
    return new DnsStatistics(
        answered.sum(), rejected.sum(), timedOut.sum(), unreachable.sum(), malformed.sum());
  }
}
