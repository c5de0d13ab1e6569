package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import java.util.List;
import java.util.stream.IntStream;

/** The slices of the one service that is watched here. */
final class Slices {
  static final String NAMESPACE = "prod";
  static final String SERVICE = "greeter";
  static final String LABEL = FakeSlice.SERVICE_NAME;
  static final String TARGET = "k8s:///greeter.prod:grpc";

  private static final int PER_SLICE = 100;
  private static final int ZONES = 3;

  private Slices() {}

  /** A slice with these addresses. */
  static FakeSlice of(int port, List<String> addresses) {
    return FakeSlice.of(NAMESPACE, SERVICE, "greeter-0")
        .port("grpc", port)
        .endpoints(addresses.stream().map(FakeEndpoint::of).toList());
  }

  /**
   * One of many slices, each with 100 pods as a Deployment has them.
   *
   * @param isFirstReady whether its first pod takes calls
   */
  static FakeSlice ofMany(int number, boolean isFirstReady) {
    return FakeSlice.of(NAMESPACE, SERVICE, "greeter-" + number)
        .port("grpc", 50051)
        .endpoints(
            IntStream.range(0, PER_SLICE)
                .mapToObj(i -> pod(number, i).ready(i > 0 || isFirstReady))
                .toList());
  }

  private static FakeEndpoint pod(int slice, int number) {
    int all = slice * PER_SLICE + number;
    return FakeEndpoint.of("10." + slice + ".0." + (number + 1))
        .pod("greeter-5d9c7b9f4-" + Integer.toString(1_000_000 + all, 36))
        .node("node-" + number)
        .zone("zone-" + number % ZONES);
  }
}
