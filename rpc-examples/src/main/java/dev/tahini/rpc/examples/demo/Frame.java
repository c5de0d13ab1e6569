package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.BackendSnapshot;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the table shows at one moment. Immutable.
 *
 * @param title what is going on
 * @param elapsed since the calls began
 * @param calls all that have ended
 * @param failed those of them that failed
 * @param rows one for each backend
 */
record Frame(String title, Duration elapsed, long calls, long failed, List<Row> rows) {

  Frame {
    rows = List.copyOf(rows);
  }

  /**
   * One backend.
   *
   * @param address where it listens
   * @param state of its connection
   * @param calls that were ever sent to it
   * @param share its part of the scene's least-loaded calls, 0 to 1
   * @param inFlight calls on it now
   * @param p50Nanos half of the scene's calls to it took no longer
   * @param p99Nanos 99 of 100 took no longer
   * @param keys how many of the demo's keys it serves; empty where there are none
   */
  record Row(
      String address,
      ConnectivityState state,
      long calls,
      double share,
      int inFlight,
      long p50Nanos,
      long p99Nanos,
      OptionalInt keys) {

    static Row of(BackendSnapshot backend, SceneMeter scene, OptionalInt keys) {
      String address = backend.address();
      return new Row(
          address,
          backend.state(),
          backend.started(),
          scene.share(Traffic.LEAST_LOADED, address),
          backend.inFlight(),
          scene.attemptNanosAt(address, 50),
          scene.attemptNanosAt(address, 99),
          keys);
    }
  }
}
