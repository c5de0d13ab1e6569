package dev.tahini.rpc.discovery.dns;

/**
 * What became of the queries that a {@link DnsDiscovery} sent, since it was made. One that is
 * repeated over TCP because its answer was too long for UDP counts once. Immutable.
 *
 * @param answered answered with records, or with "there are none"
 * @param rejected answered with an error, such as {@code SERVFAIL} or {@code REFUSED}
 * @param timedOut not answered in time
 * @param unreachable could not be sent, or the connection broke
 * @param malformed answered with what is no answer to it: random bytes, a wrong id or question
 */
public record DnsStatistics(
    long answered, long rejected, long timedOut, long unreachable, long malformed) {

  /**
   * All queries that have ended.
   *
   * @return the sum of the others
   */
  public long queries() {
    return answered + rejected + timedOut + unreachable + malformed;
  }
}
