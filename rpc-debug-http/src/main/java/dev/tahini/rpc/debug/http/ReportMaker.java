package dev.tahini.rpc.debug.http;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickExplanation;
import io.grpc.Status;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers a {@link Report} from the clients' snapshots and what is remembered of them. */
final class ReportMaker {
  private final DebugFeature feature;
  private final InstantSource clock;

  ReportMaker(DebugFeature feature, InstantSource clock) {
    this.feature = feature;
    this.clock = clock;
  }

  Report make(Query query, boolean sensitive) {
    List<Report.Client> clients =
        feature.clients().stream()
            .filter(record -> isAskedFor(record, query.target()))
            .map(record -> new OneClient(record, query, sensitive).report())
            .toList();
    return new Report(clock.instant().truncatedTo(ChronoUnit.MILLIS), sensitive, clients);
  }

  private static boolean isAskedFor(ClientRecord record, @Nullable String target) {
    return target == null
        || record.view().target().toString().equals(target)
        || record.id().equals(target);
  }

  /** One client's part. */
  private static final class OneClient {
    private final ClientRecord record;
    private final Query query;
    private final boolean sensitive;
    private final ClientSnapshot snapshot;
    private final Map<String, BackendRecord> records;
    private final Labels labels;

    OneClient(ClientRecord record, Query query, boolean sensitive) {
      this.record = record;
      this.query = query;
      this.sensitive = sensitive;
      this.snapshot = record.view().snapshot();
      this.records = record.backends();
      this.labels = new Labels(snapshot.backends(), sensitive);
    }

    Report.Client report() {
      return new Report.Client(
          record.id(),
          target(),
          snapshot.discovery(),
          snapshot.shardMap(),
          snapshot.listed(),
          snapshot.lastConfirmed(),
          error(snapshot.lastError()),
          record.callsStarted(),
          record.callsEnded(),
          snapshot.figures(),
          backends(),
          history(),
          query.key() == null ? null : key(query.key()));
    }

    /** The target of a static list is nothing but addresses. */
    private String target() {
      boolean isList = snapshot.target().toString().startsWith("static:");
      return isList && !sensitive ? "static list" : snapshot.target().toString();
    }

    private @Nullable String error(@Nullable Status error) {
      if (error == null) {
        return null;
      }
      return sensitive ? Words.of(error) : error.getCode().name();
    }

    private List<Report.Backend> backends() {
      Map<String, String> verdicts = verdicts();
      Map<String, Double> shares = shares();
      long nanoTime = record.nanoTime();
      Stream<Report.Backend> all =
          snapshot.backends().stream()
              .map(backend -> backend(backend, verdicts, shares, nanoTime))
              .filter(this::isAskedFor);
      return query.sorted().map(column -> all.sorted(column.order())).orElse(all).toList();
    }

    private boolean isAskedFor(Report.Backend backend) {
      if (query.backend() != null) {
        return backend.id().equals(query.backend());
      }
      String search = query.search().toLowerCase(Locale.ROOT);
      return search.isEmpty()
          || Stream.of(
                  backend.label(),
                  backend.name(),
                  backend.zone(),
                  Words.state(backend.state()),
                  backend.verdict())
              .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(search));
    }

    private Report.Backend backend(
        BackendSnapshot backend,
        Map<String, String> verdicts,
        Map<String, Double> shares,
        long nanoTime) {
      Endpoint endpoint = backend.endpoint();
      BackendRecord kept = records.get(backend.address());
      if (kept == null) { // listed this very moment
        kept = new BackendRecord(record.id() + "-new");
      }
      return new Report.Backend(
          kept.id(),
          labels.of(backend.address()),
          endpoint.name(),
          endpoint.zone(),
          endpoint.weight(),
          endpoint.condition() == Endpoint.Condition.DRAINING,
          sensitive ? endpoint.attributes() : Map.of(),
          backend.state(),
          backend.since(),
          backend.inFlight(),
          backend.started(),
          backend.succeeded(),
          backend.failed(),
          kept.latency(nanoTime),
          kept.series(nanoTime),
          shares.get(backend.address()),
          error(backend.lastError()),
          labels.strip(verdicts.getOrDefault(backend.address(), "listed a moment ago")));
    }

    /** What the default pick would say of each. */
    private Map<String, String> verdicts() {
      Map<String, String> verdicts = new HashMap<>();
      for (PickExplanation.Candidate each :
          record.view().explain(Pick.leastLoaded()).candidates()) {
        verdicts.put(each.backend().address(), each.verdict().replace("chosen, ", ""));
      }
      return verdicts;
    }

    /** Where nobody asks for keys there is no table, and none is made for the page. */
    private Map<String, Double> shares() {
      if (!record.usesShards() && query.key() == null) {
        return Map.of();
      }
      try {
        return record.view().shares();
      } catch (IllegalStateException e) {
        return Map.of(); // the key's form says why
      }
    }

    private List<Change> history() {
      return Stream.concat(record.listChanges().stream(), record.connectionChanges().stream())
          .sorted(Comparator.comparing(Change::at).reversed())
          .map(labels::change)
          .toList();
    }

    private Report.Key key(String key) {
      try {
        List<Report.Owner> owners =
            record.view().owners(key).stream()
                .map(owner -> new Report.Owner(labels.of(owner.address()), owner.state()))
                .toList();
        return new Report.Key(key, owners, picks(key), null);
      } catch (IllegalStateException e) {
        String why = sensitive ? String.valueOf(e.getMessage()) : "the shard map failed";
        return new Report.Key(key, List.of(), List.of(), why);
      }
    }

    private List<Report.Picked> picks(String key) {
      List<Report.Picked> picks = new ArrayList<>();
      picks.add(picked("least loaded", Pick.leastLoaded()));
      picks.add(picked("random", Pick.random()));
      picks.add(picked("shard", Pick.shard(key)));
      picks.add(picked("shard, strict", Pick.shard(key).strict()));
      for (String name : snapshot.pickers()) {
        picks.add(picked(name, Pick.with(name, key)));
      }
      return picks;
    }

    private Report.Picked picked(String name, Pick pick) {
      return new Report.Picked(name, labels.outcome(record.view().explain(pick)));
    }
  }

  /** How backends are called: by their addresses, or where those are hidden by name or number. */
  private static final class Labels {
    private final boolean sensitive;
    private final Map<String, String> byAddress = new HashMap<>();

    Labels(List<BackendSnapshot> backends, boolean sensitive) {
      this.sensitive = sensitive;
      for (int i = 0; i < backends.size(); i++) {
        BackendSnapshot backend = backends.get(i);
        String name = backend.endpoint().name();
        String number = "backend " + (i + 1);
        String hidden = name.isEmpty() ? number : name + " (" + number + ")";
        byAddress.put(backend.address(), sensitive ? backend.address() : hidden);
      }
    }

    String of(String address) {
      return byAddress.getOrDefault(address, sensitive ? address : "a former backend");
    }

    /** What follows a colon is the text of an error. */
    String strip(String text) {
      return sensitive ? text : text.replaceFirst(":.*", "");
    }

    String outcome(PickExplanation explanation) {
      String backend = explanation.backend();
      if (sensitive) {
        return explanation.outcome();
      }
      return backend == null ? strip(explanation.outcome()) : "chooses " + of(backend);
    }

    Change change(Change change) {
      List<String> names =
          change.addresses().stream().map(this::of).collect(Collectors.toUnmodifiableList());
      String why = sensitive ? change.why() : null;
      return new Change(change.at(), change.what(), names, change.more(), why, change.times());
    }
  }
}
