package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordedAttemptsTest {
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("request-id", Metadata.ASCII_STRING_MARSHALLER);

  @ParameterizedTest
  @EnumSource
  void attemptsAreInTheOrderOfTheirArrival(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      for (String name : List.of("b", "a", "b")) {
        client.stub(Pick.address(cluster.backend(name).address())).echo("hi");
      }

      assertEquals(
          List.of("1 b 1 1", "2 a 2 1", "3 b 3 1"),
          cluster.attempts().stream()
              .map(a -> a.number() + " " + a.backend() + " " + a.call() + " " + a.attempt())
              .toList());
      assertEquals(2, cluster.backend("b").attempts().size());
      assertEquals("test.Echo/Echo", cluster.attempts().get(0).method());
      assertEquals(Status.OK, cluster.attempts().get(0).status());
    }
  }

  @ParameterizedTest
  @EnumSource
  void picksAndKeysAreRecordedInAnyAlphabet(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      client.stub().echo("hi");
      client.stub(Pick.random()).echo("hi");
      client.stub(Pick.shard("Zürich 東京 🌰")).echo("hi");
      client.stub(Pick.shard("")).echo("hi");

      List<RecordedAttempt> attempts = cluster.attempts();
      assertEquals(
          List.of("least_loaded", "random", "shard", "shard"),
          attempts.stream().map(RecordedAttempt::pick).toList());
      assertNull(attempts.get(0).key());
      assertNull(attempts.get(1).key());
      assertEquals("Zürich 東京 🌰", attempts.get(2).key());
      assertEquals("", attempts.get(3).key());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shardsCallsGoWhereTheRecordSays(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a", "b", "c")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.awaitReady(client);
      String owner = client.view().owners("k").get(0).endpoint().name();

      client.stub(Pick.shard("k")).echo("hi");
      client.stub(Pick.shard("k")).echo("hi");

      assertEquals(2, cluster.backend(owner).attempts().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void usersHeadersAreRecordedAndTheClustersOwnAreNotSeen(Reach reach) throws Exception {
    List<Set<String>> seen = new CopyOnWriteArrayList<>();
    ServerInterceptor reads =
        new ServerInterceptor() {
          @Override
          public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
              ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
            seen.add(headers.keys());
            headers.discardAll(REQUEST_ID); // the record stays
            return next.startCall(call, headers);
          }
        };
    try (RpcTestCluster cluster =
        reach.start(name -> () -> ServerInterceptors.intercept(new EchoService(), reads), "a")) {
      Metadata headers = new Metadata();
      headers.put(REQUEST_ID, "r-1");
      cluster
          .client(Echo::new)
          .stub(Pick.shard("k"))
          .start("hi", CallOptions.DEFAULT, headers)
          .get(10, TimeUnit.SECONDS);

      RecordedAttempt attempt = cluster.attempts().get(0);
      assertEquals("r-1", attempt.headers().get(REQUEST_ID));
      assertEquals(seen.get(0), attempt.headers().keys());
      assertEquals(
          List.of(), seen.get(0).stream().filter(key -> key.startsWith("tahini")).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void headersOfARecordCannotBeChanged(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.client(Echo::new).stub().echo("hi");
      List<RecordedAttempt> attempts = cluster.attempts();

      attempts.get(0).headers().put(REQUEST_ID, "mine");

      assertNull(attempts.get(0).headers().get(REQUEST_ID));
      assertThrows(UnsupportedOperationException.class, attempts::clear);
    }
  }

  @ParameterizedTest
  @EnumSource
  void retriedAttemptsAreOfOneCall(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client =
          cluster
              .clientBuilder(Echo::new)
              .channel(channel -> channel.defaultServiceConfig(twoRetries()).enableRetry())
              .build();
      try (client) {
        cluster.backend("a").failNext(2, Failure.of(Status.UNAVAILABLE));

        client.stub(Pick.shard("k")).echo("hi");
        client.stub().echo("hi");
      }

      assertEquals(
          List.of("1 1 k UNAVAILABLE", "1 2 k UNAVAILABLE", "1 3 k OK", "2 1 null OK"),
          cluster.attempts().stream().map(RecordedAttemptsTest::summary).toList());
    }
  }

  private static String summary(RecordedAttempt a) {
    Status status = a.status();
    assertNotNull(status);
    return a.call() + " " + a.attempt() + " " + a.key() + " " + status.getCode();
  }

  private static Map<String, ?> twoRetries() {
    Map<String, ?> policy =
        Map.of(
            "maxAttempts",
            3.0,
            "initialBackoff",
            "0.001s",
            "maxBackoff",
            "0.001s",
            "backoffMultiplier",
            1.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    return Map.of(
        "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
  }

  @ParameterizedTest
  @EnumSource
  void callOfAClientWithoutTheFeatureIsUnknown(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a");
        RpcClient<Echo> stranger =
            RpcClient.builder("test-cluster", Echo::new)
                .discovery(cluster.discovery())
                .channelFactory(cluster.channelFactory())
                .plaintext()
                .build()) {
      stranger.stub(Pick.shard("k")).echo("hi");

      RecordedAttempt attempt = cluster.attempts().get(0);
      assertNull(attempt.call());
      assertNull(attempt.pick());
      assertNull(attempt.key());
      assertEquals(1, attempt.attempt());
    }
  }

  @ParameterizedTest
  @EnumSource
  void openAttemptHasNoStatus(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("wait");
      cluster.awaitInFlight(1);

      assertNull(cluster.attempts().get(0).status());

      call.cancel(false);
      cluster.awaitIdle();
      assertEquals(Status.CANCELLED, cluster.attempts().get(0).status());
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsAreEqualAtEachLookUntilTheAttemptEnds(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      client.stub().echo("hi");
      CompletableFuture<String> call = client.stub().start("wait");
      cluster.awaitInFlight(1);

      List<RecordedAttempt> open = cluster.attempts();
      assertEquals(open, cluster.attempts());
      assertEquals(cluster.calls(), cluster.calls());
      call.cancel(false);
      cluster.awaitIdle();

      assertNotEquals(open, cluster.attempts());
      assertEquals(cluster.attempts(), cluster.attempts());
    }
  }

  @ParameterizedTest
  @EnumSource
  void resetForgetsAndNumbersGoOn(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      client.stub().echo("hi");
      CompletableFuture<String> open = client.stub().start("wait");
      cluster.awaitInFlight(1);

      cluster.reset();

      assertEquals(List.of(), cluster.attempts());
      assertEquals(1, cluster.backend("a").inFlight());
      client.stub().echo("hi");
      assertEquals(3, cluster.attempts().get(0).number());
      open.cancel(false);
      cluster.awaitIdle();
    }
  }
}
