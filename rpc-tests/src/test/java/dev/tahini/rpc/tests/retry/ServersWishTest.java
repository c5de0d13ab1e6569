package dev.tahini.rpc.tests.retry;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.Backoff;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What servers say about trying again is a floor for the next delay, and for no other. */
final class ServersWishTest {
  private static final Failure BUSY = Failure.of(Status.UNAVAILABLE);
  private static final Duration WISH = Duration.ofMillis(120);

  /** Shorter than any wish, as is the cap. */
  private static final StandardRetryPolicy SOON =
      StandardRetryPolicy.defaults()
          .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(2), 0));

  @AutoClose private final RpcTestCluster cluster = Fleet.of(1);
  private final TestBackend backend = cluster.backend("s0");
  private final RecordedRetries retries = new RecordedRetries();

  @AutoClose
  private final RpcClient<ProbeBlockingStub> client =
      cluster
          .clientBuilder(ProbeGrpc::newBlockingStub)
          .feature(Retries.feature(RetryOptions.defaults().withPolicy(SOON)))
          .feature(retries)
          .build();

  @Test
  void retryInfoIsTheNextDelayOnceAndNotCutByTheCap() {
    backend.failNext(1, BUSY.withRetryInfo(WISH));
    backend.failNext(1, BUSY);

    client.stub().ask(ASK);

    assertEquals(List.of(WISH, Duration.ofMillis(1)), retries.delays());
  }

  @Test
  void pushbackIsTheNextDelayOnceAndNotCutByTheCap() {
    backend.failNext(1, BUSY.withPushback(WISH));
    backend.failNext(1, BUSY);

    client.stub().ask(ASK);

    assertEquals(List.of(WISH, Duration.ofMillis(1)), retries.delays());
  }

  @Test
  void longerOfBothCounts() {
    Duration longer = WISH.plusMillis(30);
    backend.failNext(1, BUSY.withPushback(longer).withRetryInfo(WISH));
    backend.failNext(1, BUSY.withPushback(WISH).withRetryInfo(longer));

    client.stub().ask(ASK);

    assertEquals(List.of(longer, longer), retries.delays());
  }

  @Test
  void negativePushbackEndsTheCall() {
    backend.failNext(1, BUSY.withoutRetry());

    Status status = failure(() -> client.stub().ask(ASK));

    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals(List.of("the server asks for no more attempts"), retries.reasons());
    cluster.calls().assertPerBackend(Map.of("s0", 1));
  }

  @Test
  void wishThatDoesNotFitIntoTheDeadlineFailsTheCallAtOnceWithItsStatus() {
    backend.failNext(1, BUSY.withRetryInfo(Duration.ofHours(1)));

    Status status = failure(() -> client.stub().withDeadlineAfter(Duration.ofMinutes(1)).ask(ASK));

    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals(List.of("the next attempt would come after the deadline"), retries.reasons());
    assertEquals(List.of(), retries.delays());
  }

  @Test
  void retryAroundTheCallHeedsItToo() {
    RecordedRetries around = new RecordedRetries();
    Retry retry = Retry.builder().policy(SOON).events(around).build();
    backend.failNext(1, BUSY.withRetryInfo(WISH));
    backend.failNext(1, BUSY.withPushback(WISH));

    retry.call(() -> client.stub().ask(ASK));

    assertEquals(List.of(WISH, WISH), around.delays());
    assertEquals(List.of(), retries.decided());
  }
}
