package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickExplanation;
import dev.tahini.rpc.Picker;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Pick} does to calls, seen through a real client of servers that come, go and
 * die. Who writes a {@link Picker.Factory} extends {@link PickerFactoryContract}, which is this and
 * more; this alone is for picks that the library brings.
 *
 * <p>The servers are in this JVM, and the client's time passes as fast as the test waits: {@link
 * #patience} is needed only if something is wrong.
 */
public abstract class PickerContract {
  /** For who did not know. */
  static final String IF_BOUND =
      " (a pick that stands for one backend overrides isBoundToOneBackend)";

  private static final int CALLS = 30;
  private static final int CALLS_TO_REACH_ONE = 300;

  /** So often it is waited for what a picker has to build. */
  private static final int PAUSES = 3;

  private final List<NumberFleet> fleets = new ArrayList<>();

  /** For implementers. */
  protected PickerContract() {}

  /**
   * What a call asks for. Asked by several threads at once: each pick may be used at the same time
   * as the others.
   *
   * @param call the call's number in its test, from 0: picks by key take another key for each
   * @param listed the endpoints that are listed now, at least one: picks that name a backend name
   *     one of these, each in turn
   * @return the pick, which one of the listed endpoints suits
   */
  protected abstract Pick pick(int call, List<Endpoint> listed);

  /**
   * What the discovery says of a backend, where the picker needs to know more than its address:
   * weight, zone, attributes. Only the address is known unless overridden.
   *
   * @param plain the endpoint of a server
   * @param number the server's, from 0
   * @return the same address, with what the picker needs
   */
  protected Endpoint decorate(Endpoint plain, int number) {
    return plain;
  }

  /**
   * Whether a pick stands for one backend, for which no other will do: as {@code Pick.address} and
   * strict shards. Its calls then may fail while that backend is away, and its call's attempts all
   * go there.
   *
   * @return false unless overridden
   */
  protected boolean isBoundToOneBackend() {
    return false;
  }

  /**
   * Whether, of 300 calls with other numbers, each backend gets some. Not of a picker that fills
   * one backend before it takes the next.
   *
   * @return true unless overridden
   */
  protected boolean reachesEveryBackend() {
    return true;
  }

  /**
   * How long to wait for the end of a call, in the system's time. 10 s unless overridden.
   *
   * @return more than any pause of the machine that runs the test
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** While all backends are ready each call is answered, by one that is listed. */
  @Test
  protected void everyCallIsAnsweredByAListedBackend() {
    NumberFleet fleet = fleet(4);
    fleet.listReady(0, 1, 2);

    for (int i = 0; i < CALLS; i++) {
      fleet.call(pick(i, fleet.listed())).assertOk("all backends are ready");
    }

    assertEquals(0, fleet.service(3).calls(), "calls of a server that was never listed");
  }

  /** A call that comes before there is a connection waits for one. */
  @Test
  protected void callWaitsForTheFirstConnection() {
    NumberFleet fleet = fleet(2);
    Pick pick = pick(0, List.of(fleet.endpoint(0), fleet.endpoint(1)));
    CompletableFuture<Answer> call = fleet.start(pick, Attempts.NONE);

    fleet.tell(0, 1);

    fleet.await(pick, call);
    call.join().assertOk("the backends were about to be connected");
  }

  /** A backend that is listed no more gets no new call. */
  @Test
  protected void removedBackendGetsNoNewCall() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1, 2);
    List<Endpoint> before = fleet.listed();
    for (int i = 0; i < CALLS; i++) {
      fleet.call(pick(i, before));
    }

    fleet.list(1, 2);
    int calls = fleet.service(0).calls();
    for (int i = 0; i < CALLS; i++) {
      fleet.call(pick(i, fleet.listed())).assertOk("those that are left are ready");
      fleet.call(pick(i, before)).assertOkOrUnavailable("it may name what has left the list");
    }

    assertEquals(calls, fleet.service(0).calls(), "calls of a server after it had left the list");
  }

  /** A backend that is listed anew gets its calls, soon: what it needs may have to be built. */
  @Test
  protected void addedBackendIsReached() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1);
    fleet.call(pick(0, fleet.listed())).assertOk("all backends are ready");

    fleet.listReady(0, 1, 2);
    boolean reached = reaches(fleet, 2);
    for (int pause = 0; pause < PAUSES && !reached && reachesEveryBackend(); pause++) {
      fleet.patience().awaitBriefly(() -> false);
      reached = reaches(fleet, 2);
    }

    assertTrue(
        reached || !reachesEveryBackend(),
        () -> "the server that was added got none of " + CALLS_TO_REACH_ONE + " calls");
  }

  private boolean reaches(NumberFleet fleet, int server) {
    for (int i = 0; i < CALLS_TO_REACH_ONE && fleet.service(server).calls() == 0; i++) {
      fleet.call(pick(i, fleet.listed())).assertOk("all backends are ready");
    }
    return fleet.service(server).calls() > 0;
  }

  /** While a backend is away calls go on elsewhere; those that are bound to it fail as such. */
  @Test
  protected void callsGoOnWhileABackendIsAway() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1, 2);
    fleet.kill(0);
    for (int i = 0; i < CALLS; i++) {
      fleet.call(pick(i, fleet.listed())).assertOkOrUnavailable("a server has just been killed");
    }

    fleet.awaitState(0, ConnectivityState.TRANSIENT_FAILURE);
    for (int i = 0; i < CALLS; i++) {
      Answer answer = fleet.call(pick(i, fleet.listed()));
      if (isBoundToOneBackend()) {
        answer.assertOkOrUnavailable("one of three servers is away");
      } else {
        answer.assertOk("one of three servers is known to be away, and two are ready" + IF_BOUND);
      }
    }
  }

  /** With no backend at all calls fail with UNAVAILABLE, naming the target. */
  @Test
  protected void noneListedIsUnavailableNamingTheTarget() {
    NumberFleet fleet = fleet(1);
    Pick pick = pick(0, List.of(fleet.endpoint(0)));
    fleet.list();

    Status status = fleet.call(pick).status();

    assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status::toString);
    assertTrue(
        Objects.requireNonNullElse(status.getDescription(), "").contains(NumberFleet.TARGET),
        () -> "the status names not the target " + NumberFleet.TARGET + ": " + status);
  }

  /**
   * An attempt goes to a backend that its call has not tried, while there is one; that of a bound
   * pick stays.
   */
  @Test
  protected void nextAttemptGoesElsewhere() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1, 2);

    for (int i = 0; i < CALLS; i++) {
      Attempts call = new Attempts();
      Pick pick = pick(i, fleet.listed());
      for (int attempt = 0; attempt < 3; attempt++) {
        fleet.call(pick, call.next()).assertOk("all backends are ready");
      }
      List<String> tried = call.backends().stream().map(Backend::address).toList();
      assertEquals(
          isBoundToOneBackend() ? 1 : 3,
          tried.stream().distinct().count(),
          () ->
              "of three backends, those that three attempts of a call went to: "
                  + tried
                  + IF_BOUND);
    }
  }

  /** An attempt whose call has tried every backend goes to one of them again. */
  @Test
  protected void attemptFallsBackToATriedBackend() {
    NumberFleet fleet = fleet(2);
    fleet.listReady(0, 1);
    Attempts call = new Attempts();
    Pick pick = pick(0, fleet.listed());

    for (int attempt = 0; attempt < 5; attempt++) {
      fleet.call(pick, call.next()).assertOk("a tried backend is better than none");
    }

    assertEquals(5, call.size(), "attempts that reached a backend");
  }

  /** To explain a pick names a listed backend, and makes no call. */
  @Test
  protected void explainNamesAListedBackendAndMakesNoCall() {
    NumberFleet fleet = fleet(2);
    fleet.listReady(0, 1);
    fleet.call(pick(0, fleet.listed())).assertOk("all backends are ready"); // tables are built
    long started = fleet.started();

    for (int i = 0; i < CALLS; i++) {
      PickExplanation explanation = fleet.view().explain(pick(i, fleet.listed()));
      assertTrue(
          fleet.listed().stream()
              .map(Endpoint::addressText)
              .anyMatch(address -> address.equals(explanation.backend())),
          () -> "the backend is not one of " + fleet.listed() + ": " + explanation);
    }

    assertEquals(started, fleet.started(), "attempts that were ever sent, before and after");
  }

  /** Where there is no backend, to explain a pick says why. */
  @Test
  protected void explainSaysWhyThereIsNone() {
    NumberFleet fleet = fleet(1);
    Pick pick = pick(0, List.of(fleet.endpoint(0)));
    fleet.list();

    PickExplanation explanation = fleet.view().explain(pick);

    assertNull(explanation.backend(), "a backend though none is listed");
    assertFalse(explanation.outcome().isBlank(), "the explanation says nothing");
  }

  /** Calls of many threads all end while the list changes, and none fails as INTERNAL. */
  @Test
  protected void callsOfManyThreadsEndWhileTheListChanges() {
    NumberFleet fleet = fleet(4);
    fleet.listReady(0, 1, 2, 3);
    int[][] lists = {{0, 1}, {2, 3, 0}, {3}, {1, 2, 3}, {0, 1, 2, 3}};

    AtomicBoolean changed = new AtomicBoolean();

    SideBySide callers =
        SideBySide.start(
            fleet.patience(),
            callsUntil(changed, fleet, 0),
            callsUntil(changed, fleet, 100_000),
            callsUntil(changed, fleet, 200_000));
    for (int i = 0; i < 40; i++) {
      fleet.list(lists[i % lists.length]);
    }
    changed.set(true);

    callers.await("the calls of three threads were to end");
  }

  /** One call after another; the last begins after the end. */
  private Runnable callsUntil(AtomicBoolean end, NumberFleet fleet, int first) {
    return () -> {
      boolean last = false;
      for (int i = first; !last; i++) {
        last = end.get();
        fleet.callBesides(pick(i, fleet.listed())).assertOkOrUnavailable("the list changes");
      }
    };
  }

  /** Ends the servers and clients of a test. */
  @AfterEach
  void closeFleets() {
    fleets.forEach(NumberFleet::close);
    fleets.clear();
  }

  /** The factories that the client is given. */
  List<Picker.Factory> factories() {
    return List.of();
  }

  /** Servers, and a client for which none is listed yet. */
  final NumberFleet fleet(int size) {
    NumberFleet fleet = new NumberFleet(size, this::decorate, factories(), patience());
    fleets.add(fleet);
    return fleet;
  }
}
