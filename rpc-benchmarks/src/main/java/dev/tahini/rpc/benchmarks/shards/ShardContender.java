package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.benchmarks.shards.TablePlacement.OfShardMap;
import dev.tahini.rpc.benchmarks.shards.TablePlacement.Way;
import dev.tahini.rpc.core.shard.ShardMaps;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Who shards. */
public enum ShardContender {
  /** This library's default. */
  TAHINI("tahini", Weights.KNOWN, of(ShardMaps.standard())),
  /** This library in the ways of others. */
  GOMA("goma", Weights.UNKNOWN, of(ShardMaps.goma())),
  RING_HASH("ring_hash", Weights.KNOWN, of(ShardMaps.ringHash(1024, 4096))),
  MAGLEV("maglev", Weights.KNOWN, of(ShardMaps.maglev())),
  GRPC_RING_HASH("grpc ring_hash (Java)", Weights.KNOWN, GrpcRingPlacement::new),
  KETAMA("ketama", Weights.KNOWN, of(new Ketama())),
  JUMP("jump hash over list index", Weights.UNKNOWN, ArmeriaPlacement::new),
  RENDEZVOUS("rendezvous", Weights.KNOWN, of(new Rendezvous())),
  /** What else the standard map could have been. */
  RING_OF_1000("ring, 1,000 points each", Weights.KNOWN, of(new Points.Ring(1000))),
  MULTI_PROBE("multi-probe, 21", Weights.KNOWN, of(new Points.MultiProbe(21)));

  private static final int LARGE = 1000;

  private final String title;
  private final Weights weights;

  @SuppressWarnings("ImmutableEnumChecker") // stateless
  private final Function<List<Endpoint>, Placement> opening;

  ShardContender(String title, Weights weights, Function<List<Endpoint>, Placement> opening) {
    this.title = title;
    this.weights = weights;
    this.opening = opening;
  }

  private enum Weights {
    KNOWN,
    UNKNOWN
  }

  private static Function<List<Endpoint>, Placement> of(ShardMap map) {
    return of(new OfShardMap(map));
  }

  private static <T> Function<List<Endpoint>, Placement> of(Way<T> way) {
    return endpoints -> new TablePlacement<>(way, endpoints);
  }

  /** The name on the command line and in files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name in the table. */
  String title() {
    return title;
  }

  boolean knowsWeights() {
    return weights == Weights.KNOWN;
  }

  /**
   * goma has as many points for each backend as there are backends, 100 million for 10,000; 10
   * million take too long to measure as well.
   */
  boolean canServe(int backends) {
    return backends <= LARGE || (this != GOMA && this != RING_OF_1000);
  }

  /** Builds in full. */
  Placement open(List<Endpoint> endpoints) {
    return opening.apply(endpoints);
  }
}
