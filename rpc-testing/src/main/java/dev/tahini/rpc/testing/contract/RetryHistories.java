package dev.tahini.rpc.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Histories of calls, ordinary and odd, made anew each time: trailers can be changed. */
final class RetryHistories {
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private RetryHistories() {}

  /** Attempts that all ended so, on one backend after the other. */
  static History of(Status... statuses) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Status status : statuses) {
      outcomes.add(outcome(status, new Metadata(), "10.0.0." + (outcomes.size() % 250) + ":80"));
    }
    return new History(NumberService.ASK, outcomes, null);
  }

  static History of(int attempts, Status status) {
    return of(Collections.nCopies(attempts, status).toArray(Status[]::new));
  }

  /** One attempt, and what the server said with its status. */
  static History trailed(Status status, String pushback) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, pushback);
    return of(outcome(status, trailers, "10.0.0.1:80"), null);
  }

  private static History of(Outcome outcome, @Nullable Duration remaining) {
    return new History(NumberService.ASK, List.of(outcome), remaining);
  }

  private static Outcome outcome(Status status, Metadata trailers, @Nullable String backend) {
    return new Outcome(status, trailers, backend, Duration.ofMillis(5), Duration.ZERO);
  }

  /** One attempt for each code that there is. */
  static Map<String, History> ofEveryCode() {
    Map<String, History> histories = new TreeMap<>();
    for (Status.Code code : Status.Code.values()) {
      histories.put(code + " without words", of(code.toStatus()));
      histories.put(
          code + " with a cause",
          of(code.toStatus().withDescription("why").withCause(new IllegalStateException("why"))));
    }
    return histories;
  }

  /** What servers, proxies and attackers may send. */
  static Map<String, History> ofOddTrailers(Status status) {
    Map<String, History> histories = new TreeMap<>();
    for (String pushback :
        List.of("", " ", "-1", "0", "soon", "1e3", "1.5", "99999999999999999999", "-0")) {
      histories.put("pushback <" + pushback + ">", trailed(status, pushback));
    }
    Metadata twice = new Metadata();
    twice.put(PUSHBACK, "1");
    twice.put(PUSHBACK, "2");
    histories.put("pushback twice", of(outcome(status, twice, "10.0.0.1:80"), null));
    for (byte[] details :
        List.of(new byte[0], "no protobuf".getBytes(UTF_8), new byte[] {0x1a, -1, -1, -1, -1})) {
      Metadata trailers = new Metadata();
      trailers.put(DETAILS, details);
      histories.put(
          "details of " + details.length + " bytes",
          of(outcome(status, trailers, "10.0.0.1:80"), null));
    }
    return histories;
  }

  /** Attempts that reached no backend, took long or no time, and are many. */
  static Map<String, History> ofOddAttempts(Status status) {
    Metadata none = new Metadata();
    Map<String, History> histories = new TreeMap<>();
    histories.put("no backend", of(outcome(status, none, null), null));
    histories.put("backend without words", of(outcome(status, none, ""), null));
    histories.put(
        "no method", new History(null, List.of(outcome(status, none, "10.0.0.1:80")), null));
    histories.put(
        "no time", of(new Outcome(status, none, null, Duration.ZERO, Duration.ZERO), null));
    histories.put("all of time", of(new Outcome(status, none, null, LONGEST, LONGEST), LONGEST));
    histories.put("5000 attempts", of(5_000, status));
    return histories;
  }

  /** Calls that have all, little, none or less than none of their time left. */
  static Map<String, History> ofEveryRemainingTime(Status status) {
    Map<String, History> histories = new TreeMap<>();
    for (Duration remaining :
        List.of(
            LONGEST, Duration.ofNanos(1), Duration.ZERO, Duration.ofNanos(-1), LONGEST.negated())) {
      histories.put(
          remaining + " left", of(outcome(status, new Metadata(), "10.0.0.1:80"), remaining));
    }
    histories.put("no deadline", of(status));
    return histories;
  }

  /** All that a policy can see of a history, to compare. */
  static String seen(History history) {
    StringBuilder seen = new StringBuilder();
    for (Outcome outcome : history.outcomes()) {
      seen.append(outcome.status()).append(outcome.backend());
      for (String key : outcome.trailers().keys()) {
        seen.append(' ').append(key).append('=').append(values(outcome.trailers(), key));
      }
    }
    return seen.toString();
  }

  private static List<String> values(Metadata trailers, String key) {
    List<String> values = new ArrayList<>();
    if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      trailers
          .getAll(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER))
          .forEach(value -> values.add(Arrays.toString(value)));
    } else {
      trailers.getAll(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER)).forEach(values::add);
    }
    return values;
  }
}
