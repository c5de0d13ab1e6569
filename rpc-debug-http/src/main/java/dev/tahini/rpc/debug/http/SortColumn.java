package dev.tahini.rpc.debug.http;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.ConnectivityState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The columns of the table, each with its order: numbers from the largest on, texts from a on. */
@SuppressWarnings("ImmutableEnumChecker") // comparators without state
enum SortColumn {
  BACKEND("backend", comparing(Report.Backend::label)),
  NAME("name", comparing(Report.Backend::name)),
  ZONE("zone", comparing(Report.Backend::zone)),
  WEIGHT("weight", comparingInt(Report.Backend::weight).reversed()),
  STATE("state", comparing(Report.Backend::state, comparing(SortColumn::trouble))),
  IN_FLIGHT("in flight", comparingInt(Report.Backend::inFlight).reversed()),
  STARTED("started", comparingLong(Report.Backend::started).reversed()),
  SUCCEEDED("succeeded", comparingLong(Report.Backend::succeeded).reversed()),
  FAILED("failed", comparingLong(Report.Backend::failures).reversed()),
  P50("p50", latency(LatencyCounts.Percentiles::p50Nanos)),
  P90("p90", latency(LatencyCounts.Percentiles::p90Nanos)),
  P99("p99", latency(LatencyCounts.Percentiles::p99Nanos)),
  SHARE("keys", comparing(SortColumn::shareOf, Comparator.reverseOrder()));

  private final String title;
  private final Comparator<Report.Backend> order;

  SortColumn(String title, Comparator<Report.Backend> order) {
    this.title = title;
    this.order = order;
  }

  private static Comparator<Report.Backend> latency(
      ToLongFunction<LatencyCounts.Percentiles> percentile) {
    return comparingLong((Report.Backend b) -> percentile.applyAsLong(b.latency())).reversed();
  }

  private static int trouble(ConnectivityState state) {
    return switch (state) {
      case TRANSIENT_FAILURE -> 0;
      case CONNECTING -> 1;
      case IDLE -> 2;
      case SHUTDOWN -> 3;
      case READY -> 4;
    };
  }

  private static double shareOf(Report.Backend backend) {
    Double share = backend.share();
    return share == null ? 0 : share;
  }

  String title() {
    return title;
  }

  /** As it stands in a query. */
  String parameter() {
    return title.replace(' ', '-');
  }

  Comparator<Report.Backend> order() {
    return order;
  }

  boolean isText() {
    return this == BACKEND || this == NAME || this == ZONE || this == STATE;
  }

  static SortColumn named(String parameter) {
    for (SortColumn column : values()) {
      if (column.parameter().equals(parameter)) {
        return column;
      }
    }
    throw new InvalidValueException(
        "sort",
        Shown.of(parameter),
        Arrays.stream(values()).map(SortColumn::parameter).collect(Collectors.joining(", ")));
  }
}
