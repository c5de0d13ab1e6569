package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.Figure;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a reader may see at one moment: the page, the JSON and the metrics are written from it,
 * so that what is hidden is hidden in each of them.
 *
 * @param taken when
 * @param sensitive whether addresses, attributes and texts of errors are in it
 * @param clients those that were asked for
 */
record Report(Instant taken, boolean sensitive, List<Client> clients) {

  /**
   * A client.
   *
   * @param id of its record
   * @param target whom it calls
   * @param discovery the kind of its discovery
   * @param shardMap the name of its shard map
   * @param listed whether discovery has answered yet
   * @param lastConfirmed when discovery last said anything good, or null
   * @param lastError why discovery fails, or null
   * @param callsStarted calls of the application, however many attempts were made for each
   * @param callsEnded of those, by status code
   * @param figures what the client's features have to show
   * @param backends in the order that was asked for
   * @param history the last changes, the newest first
   * @param key where a key goes, if one was asked for
   */
  record Client(
      String id,
      String target,
      String discovery,
      String shardMap,
      boolean listed,
      @Nullable Instant lastConfirmed,
      @Nullable String lastError,
      long callsStarted,
      Map<Status.Code, Long> callsEnded,
      List<Figure> figures,
      List<Backend> backends,
      List<Change> history,
      @Nullable Key key) {

    /** Short also where the target is a list of a thousand addresses. */
    String shortTarget() {
      return Shown.of(target);
    }

    /** What {@code ?target=} takes for it, within what a request line may have. */
    String targetParameter() {
      return target.equals(shortTarget()) ? target : id;
    }

    long callsFailed() {
      return callsEnded.entrySet().stream()
          .filter(ended -> ended.getKey() != Status.Code.OK)
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    long in(ConnectivityState state) {
      return backends.stream().filter(backend -> backend.state() == state).count();
    }

    long draining() {
      return backends.stream().filter(Backend::draining).count();
    }

    long inFlight() {
      return backends.stream().mapToLong(Backend::inFlight).sum();
    }

    boolean hasMany() {
      return backends.size() > 100;
    }
  }

  /**
   * A backend.
   *
   * @param id of its record
   * @param label its address; where that is hidden its name, or a number
   * @param name as discovery has it; empty if none
   * @param zone where it runs; empty if unknown
   * @param weight its share
   * @param draining whether it is about to leave
   * @param attributes what else discovery says; empty where that is hidden
   * @param state of its connection
   * @param since when it came into it
   * @param inFlight attempts open
   * @param started attempts ever
   * @param succeeded of those
   * @param failed the others, by code
   * @param latency percentiles of the last minutes
   * @param steps the last five minutes
   * @param share of the key space, or null if nobody asks for keys
   * @param lastError in words, or null
   * @param verdict why it is or is not picked now
   */
  record Backend(
      String id,
      String label,
      String name,
      String zone,
      int weight,
      boolean draining,
      Map<String, String> attributes,
      ConnectivityState state,
      Instant since,
      int inFlight,
      long started,
      long succeeded,
      Map<Status.Code, Long> failed,
      LatencyCounts.Percentiles latency,
      CallSeries.Steps steps,
      @Nullable Double share,
      @Nullable String lastError,
      String verdict) {

    long failures() {
      return failed.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Where a key goes.
   *
   * @param key as asked
   * @param owners the key's backends in order, each with its state
   * @param picks what each pick would choose
   * @param error why that cannot be said, or null
   */
  record Key(String key, List<Owner> owners, List<Picked> picks, @Nullable String error) {

    /** Those that a person wants to read. */
    List<Owner> firstOwners() {
      return owners.subList(0, Math.min(10, owners.size()));
    }
  }

  /**
   * An owner of a key.
   *
   * @param label of its backend
   * @param state of its connection
   */
  record Owner(String label, ConnectivityState state) {}

  /**
   * What a pick would do.
   *
   * @param pick in words
   * @param outcome in words
   */
  record Picked(String pick, String outcome) {}
}
