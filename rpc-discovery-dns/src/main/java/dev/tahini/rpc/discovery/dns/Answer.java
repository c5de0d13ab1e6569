package dev.tahini.rpc.discovery.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** What became of one question. */
sealed interface Answer {

  /**
   * Records of the type that was asked for.
   *
   * @param additional what the server sent along unasked, such as the addresses of an SRV's targets
   * @param ttlSeconds the smallest of the whole chain, aliases among them
   * @param failure why this is the last answer that was good, or null if it is fresh
   */
  record Found(
      List<Record> records, List<Record> additional, long ttlSeconds, @Nullable String failure)
      implements Answer {

    Found insteadOf(Failed failed) {
      return new Found(records, additional, ttlSeconds, failed.why());
    }
  }

  /** The server says that there are none: no such name, or no such records. */
  record None(String why, long ttlSeconds) implements Answer {}

  /** The name is another's alias, of which the server said nothing. */
  record Alias(Name target, long ttlSeconds) implements Answer {}

  /** No server answered, or none answered well. */
  record Failed(String why) implements Answer {}
}
