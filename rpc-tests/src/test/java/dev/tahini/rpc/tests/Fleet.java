package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Clusters of {@link ProbeService}s on loopback, and what tests do with them again and again. */
public final class Fleet {
  public static final String TARGET = "probe.test:grpc";

  /** So long takes a call under load. */
  private static final Duration LOAD_DELAY = Duration.ofMillis(5);

  private Fleet() {}

  /** So many backends, {@code s0} and on, all of them listed. */
  public static RpcTestCluster of(int size) {
    return builder().backends(names(size)).start();
  }

  /** Backends of these names; discovery has not answered yet. */
  public static RpcTestCluster unlisted(String... names) {
    return builder().backends(names).unlisted().start();
  }

  private static RpcTestCluster.Builder builder() {
    return RpcTestCluster.builder().loopback().target(TARGET).services(ProbeService::new);
  }

  private static String[] names(int size) {
    return IntStream.range(0, size).mapToObj(i -> "s" + i).toArray(String[]::new);
  }

  /** Lists these backends and no others. */
  public static void list(RpcTestCluster cluster, String... names) {
    cluster
        .discovery()
        .set(Arrays.stream(names).map(name -> cluster.backend(name).endpoint()).toList());
  }

  /** Keeps calls in flight, once the first have ended; for the caller to stop. */
  public static ClosedLoop load(
      RpcTestCluster cluster, RpcClient<Channel> client, int inFlight, LoadPicks picks) {
    cluster.backends().forEach(backend -> backend.delay(LOAD_DELAY));
    ClosedLoop loop = ClosedLoop.start(client.channel(), inFlight, picks);
    loop.awaitMore(inFlight);
    return loop;
  }

  /** A pick of one backend. */
  public static Pick to(TestBackend backend) {
    return Pick.address(backend.address());
  }

  /** Whether a call fails. */
  public static boolean fails(RpcClient<?> client, Pick pick) {
    return fails(ProbeGrpc.newBlockingStub(client.channel()).withOption(Pick.OPTION, pick));
  }

  /** Whether a call fails. */
  public static boolean fails(ProbeBlockingStub stub) {
    try {
      stub.ask(Probes.ASK);
      return false;
    } catch (StatusRuntimeException failed) {
      return true;
    }
  }

  /** Waits until a client's backend is in a state. */
  public static void awaitState(RpcClient<?> client, TestBackend backend, ConnectivityState state) {
    awaitState(client, backend.endpoint(), state);
  }

  /** Waits until a client's backend is in a state. */
  public static void awaitState(RpcClient<?> client, Endpoint backend, ConnectivityState state) {
    String address = backend.addressText();
    Await.until(
        () -> address + " to be " + state + ": " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                .anyMatch(b -> b.address().equals(address) && b.state() == state));
  }

  /** A key that a backend owns, of those that a client sees now. */
  public static String keyOf(RpcClient<?> client, TestBackend owner) {
    return IntStream.range(0, 10_000)
        .mapToObj(i -> "key-" + i)
        .filter(key -> ownerOf(client, key).equals(owner.address()))
        .findFirst()
        .orElseThrow();
  }

  /** The address of a key's owner. */
  public static String ownerOf(RpcClient<?> client, String key) {
    return client.view().owners(key).get(0).address();
  }
}
