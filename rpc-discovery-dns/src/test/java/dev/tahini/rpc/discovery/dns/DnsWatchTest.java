package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** When a watch looks up, and what it tells; in the test's time. */
class DnsWatchTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Resolved<Endpoint> ONE = found("10.0.0.1:80");
  private static final Resolved<Endpoint> OTHER = found("10.0.0.2:80");

  private final FakeTime time = new FakeTime();
  private final List<CompletableFuture<Resolved<Endpoint>>> lookUps = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private int closed;
  private final RuntimeException thrown = new IllegalStateException("none");
  private boolean throwing;

  private final Discovery.Listener listener =
      new Discovery.Listener() {
        @Override
        public void onEndpoints(List<Endpoint> endpoints) {
          heard.add(endpoints.toString());
        }

        @Override
        public void onError(Status error) {
          heard.add("error: " + error.getDescription());
        }

        @Override
        public void onConfirmed() {
          heard.add("confirmed");
        }
      };

  private DnsWatch watch(Discovery.Listener listener) {
    DnsWatch watch =
        new DnsWatch(
            Target.parse("dns:///greeter.test:80"),
            this::lookUp,
            listener,
            DnsOptions.defaults(),
            time,
            () -> new Random(1),
            () -> closed++);
    watch.start();
    return watch;
  }

  private CompletionStage<Resolved<Endpoint>> lookUp(boolean stays) {
    if (throwing) {
      throw thrown;
    }
    CompletableFuture<Resolved<Endpoint>> next = new CompletableFuture<>();
    lookUps.add(next);
    return next;
  }

  private void answer(Resolved<Endpoint> found) {
    lookUps.get(lookUps.size() - 1).complete(found);
  }

  @Test
  void looksUpAgainWhenTheTtlIsOver() {
    watch(listener);
    answer(ONE);
    time.advance(TTL.multipliedBy(9).dividedBy(10).minusMillis(1));
    assertEquals(1, lookUps.size());
    time.advance(TTL.dividedBy(10).plusMillis(1));
    assertEquals(2, lookUps.size());
    answer(OTHER);

    assertEquals(List.of("[10.0.0.1:80]", "[10.0.0.2:80]"), heard);
  }

  @Test
  void nextLookUpWaitsForTheEndOfTheLast() {
    DnsWatch watch = watch(listener);
    time.advance(Duration.ofHours(1));
    watch.refresh();
    time.advance(Duration.ofHours(1));

    assertEquals(1, lookUps.size());
  }

  @Test
  void hintDuringALookUpIsFollowedAfterIt() {
    DnsWatch watch = watch(listener);
    watch.refresh();
    answer(ONE);
    time.advance(Duration.ofSeconds(1));

    assertEquals(2, lookUps.size());
  }

  @Test
  void hintIsFollowedAtOnceIfTheLastLookUpIsLongAgo() {
    DnsWatch watch = watch(listener);
    answer(ONE);
    time.advance(Duration.ofSeconds(1));
    watch.refresh();
    time.advance(Duration.ZERO);

    assertEquals(2, lookUps.size());
  }

  @Test
  void hintsAreNotFollowedSoonerThanTheMinimum() {
    DnsWatch watch = watch(listener);
    answer(ONE);
    for (int i = 0; i < 9; i++) {
      watch.refresh();
      time.advance(Duration.ofMillis(100));
    }
    assertEquals(1, lookUps.size());
    time.advance(Duration.ofMillis(100));

    assertEquals(2, lookUps.size());
    answer(ONE);
    time.advance(Duration.ofSeconds(8));
    assertEquals(2, lookUps.size(), "one look-up for all hints");
  }

  @Test
  void errorIsToldAndTheListThatIsKnownIsConfirmed() {
    DnsWatch watch = watch(listener);
    answer(ONE);
    var listed = watch.lastConfirmed();
    time.advance(TTL);
    answer(Resolved.failed("down"));
    assertEquals(listed, watch.lastConfirmed());
    time.advance(Duration.ofSeconds(2));
    answer(ONE);

    assertEquals(List.of("[10.0.0.1:80]", "error: down", "confirmed"), heard);
    assertEquals(time.now(), watch.lastConfirmed());
  }

  @Test
  void lookUpThatThrowsDoesNotEndTheWatch() {
    throwing = true;
    DnsWatch watch = watch(listener);
    assertNull(watch.lastConfirmed());
    throwing = false;
    time.advance(Duration.ofSeconds(2));
    lookUps.get(0).completeExceptionally(new IllegalStateException("a bug"));
    time.advance(Duration.ofSeconds(4));
    answer(ONE);

    assertEquals(
        List.of(
            "error: java.lang.IllegalStateException: none",
            "error: java.lang.IllegalStateException: a bug",
            "[10.0.0.1:80]"),
        heard);
  }

  @Test
  void listenerThatThrowsDoesNotEndTheWatch() {
    watch(
        new Discovery.Listener() {
          @Override
          public void onEndpoints(List<Endpoint> endpoints) {
            throw new IllegalStateException("a listener's bug");
          }

          @Override
          public void onError(Status error) {}
        });
    answer(ONE);
    time.advance(TTL);

    assertEquals(2, lookUps.size());
  }

  @Test
  void closedWatchAsksAndTellsNothing() {
    DnsWatch watch = watch(listener);
    answer(ONE);
    time.advance(TTL);
    watch.close();
    watch.close();
    answer(OTHER);
    watch.refresh();
    time.advance(Duration.ofHours(1));

    assertEquals(2, lookUps.size());
    assertEquals(List.of("[10.0.0.1:80]"), heard);
    assertEquals(1, closed);
  }

  private static Resolved<Endpoint> found(String address) {
    String[] parts = address.split(":", -1);
    return Resolved.found(
        List.of(
            Endpoint.of(
                new InetSocketAddress(
                    Objects.requireNonNull(ServerAddress.literal(parts[0])),
                    Integer.parseInt(parts[1])))),
        TTL.toSeconds());
  }
}
