package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a {@link dev.tahini.rpc.Discovery} shows whose source a test can change: a DNS or an API
 * server of the test's own. Beside {@link DiscoveryContract}: changes arrive, errors empty nothing,
 * and a watch recovers by itself.
 *
 * <p>Delivery may take its time and come on any thread. The lists are made of {@link #endpoint}s; a
 * test begins with the first two.
 */
public abstract class ChangingDiscoveryContract extends DiscoveryContract {
  private static final int BURST = 60;
  private static final long SEED = 20260101;

  private Consumer<Source> start = source -> source.list(endpoints());

  /** For implementers. */
  protected ChangingDiscoveryContract() {}

  /**
   * Where the discovery's endpoints come from, as a test changes it. Called by one thread at a
   * time, not always the same. A method returns when the next question to the source, or the next
   * word from it, will have the new answer; it need not wait until a watch has heard it.
   */
  protected interface Source {

    /**
     * Answers with these endpoints from now on; ends a failure or a silence.
     *
     * @param endpoints all that there are; empty if there are none for sure
     */
    void list(List<Endpoint> endpoints);

    /** Fails from now on: it cannot be reached, or answers with an error. */
    void fail();

    /** Ends a failure or a silence: it answers with what it listed last. */
    void recover();

    /**
     * Says nothing from now on, as a server that takes a question and never answers; what is open
     * may stay open.
     */
    void hang();
  }

  /**
   * The source of this test's discovery. Asked after {@link #newDiscovery}.
   *
   * @return always the same in a test
   */
  protected abstract Source source();

  /**
   * Endpoints as the source can list them: 10.0.0.1:80, 10.0.0.2:80 and so on, of which nothing but
   * the address is known, unless overridden.
   *
   * @param number from 0 to 99
   * @return another for each number, and equal for the same
   */
  protected Endpoint endpoint(int number) {
    byte[] ip = {10, 0, 0, (byte) (number + 1)};
    try {
      return Endpoint.of(new InetSocketAddress(InetAddress.getByAddress(ip), 80));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four bytes are an address
    }
  }

  /** The first two: what the source lists when a test begins. */
  @Override
  protected List<Endpoint> endpoints() {
    return list(0, 1);
  }

  /** What comes, goes or is replaced at the source is delivered. */
  @Test
  protected void changeIsDelivered() {
    HeardWatch watch = watchListed();

    for (List<Endpoint> next : List.of(list(0, 1, 2), list(1, 2), list(3, 4))) {
      source().list(next);
      watch.awaitList(next, "what the source lists now");
    }
  }

  /** Every watch hears of a change; one that is closed leaves the others alone. */
  @Test
  protected void changeIsDeliveredToEachOpenWatch() {
    HeardWatch first = watchListed();
    HeardWatch second = watchListed();
    HeardWatch closed = watchListed();
    closed.close();

    source().list(list(2));

    first.awaitList(list(2), "the first of two watches");
    second.awaitList(list(2), "the second of two watches");
    assertEquals(1, closed.lists().size(), () -> "heard after close: " + closed.heard());
  }

  /** A list equal to the last one, in whatever order, is not delivered again. */
  @Test
  protected void equalListInAnotherOrderIsNotDeliveredAgain() {
    HeardWatch watch = watchListed();
    List<Endpoint> turned = new ArrayList<>(endpoints());
    Collections.reverse(turned);

    letItBeSeen(watch, () -> source().list(turned));
    letItBeSeen(watch, () -> source().list(endpoints()));
    source().list(list(2));

    watch.awaitList(list(2), "the change that follows");
    assertEquals(
        2,
        watch.lists().size(),
        () -> "an equal list was delivered, for which pickers are made anew: " + watch.heard());
  }

  /** An error is told in words, and with a status that is one. */
  @Test
  protected void errorIsToldInWords() {
    HeardWatch watch = watchListed();

    source().fail();

    watch.awaitError(1, "the source fails");
    Status error = watch.errors().get(0);
    assertFalse(error.isOk(), "onError had the status OK");
    assertFalse(
        Objects.requireNonNullElse(error.getDescription(), "").isBlank(),
        () -> "the status says not why: " + error);
  }

  /** An error empties nothing: after it the last list stays in use. */
  @Test
  protected void errorEmptiesNothing() {
    HeardWatch watch = watchListed();

    source().fail();
    watch.awaitError(1, "the source fails");
    waiting().awaitBriefly(() -> watch.lists().size() > 1);

    assertEquals(
        1,
        watch.lists().size(),
        () -> "a list was delivered while the source failed: " + watch.heard());
  }

  /** A silence empties nothing, and the watch survives it. */
  @Test
  protected void silenceEmptiesNothing() {
    HeardWatch watch = watchListed();

    source().hang();
    waiting().awaitBriefly(() -> watch.lists().size() > 1);
    assertEquals(1, watch.lists().size(), () -> "a list out of silence: " + watch.heard());
    source().list(list(1, 2));

    watch.awaitList(list(1, 2), "the source speaks again");
    assertEquals(2, watch.lists().size(), () -> "heard after the silence: " + watch.heard());
  }

  /** The source's own word that there are none is delivered as an empty list. */
  @Test
  protected void emptyListOfTheSourceIsDelivered() {
    HeardWatch watch = watchListed();

    source().list(List.of());
    watch.awaitList(List.of(), "the source says that there are none");
    source().list(list(1));

    watch.awaitList(list(1), "one is back");
  }

  /** After an error the list that is known already is confirmed, not delivered again. */
  @Test
  protected void knownListIsConfirmedAfterAnError() {
    HeardWatch watch = watchListed();
    source().fail();
    watch.awaitError(1, "the source fails");

    source().recover();

    watch.awaitConfirmation("the source answers again, with the list that is known");
    assertEquals(1, watch.lists().size(), () -> "the known list came again: " + watch.heard());
  }

  /** A watch recovers by itself, each time, without a hint. */
  @Test
  protected void watchRecoversByItself() {
    HeardWatch watch = watchListed();

    for (int round = 1; round <= 3; round++) {
      source().fail();
      watch.awaitError(round, "the source fails, time " + round);
      List<Endpoint> next = list(round, round + 1);
      source().list(next);
      watch.awaitList(next, "the source is back, time " + round);
    }
  }

  /** A watch that begins while the source fails is told of it, and recovers. */
  @Test
  protected void watchBegunDuringAFailureRecovers() {
    start = Source::fail;
    HeardWatch watch = watch();
    watch.awaitError(1, "the source has failed from the beginning");
    assertEquals(List.of(), watch.lists(), "a list of a source that never answered");

    source().list(endpoints());

    awaitFirstList(watch);
  }

  /** A watch does not wait for its source. */
  @Test
  protected void watchReturnsWhileTheSourceIsSilent() {
    start = Source::hang;
    discovery();

    SideBySide.start(waiting(), this::watch)
        .awaitPromptly("watch waits for a source that does not answer: a client is not made");
  }

  /** As long as the source has never answered, there is no time at which it last did. */
  @Test
  protected void lastConfirmedIsNullUntilTheFirstAnswer() {
    start = Source::fail;
    HeardWatch watch = watch();
    watch.awaitError(1, "the source has failed from the beginning");

    assertNull(watch.lastConfirmed(), "the source has never answered, so that there is no time");
  }

  /** Each good word of the source is younger than the one before. */
  @Test
  protected void lastConfirmedMovesOn() {
    HeardWatch watch = watchListed();
    Instant first = watch.lastConfirmed();
    assertNotNull(first, "lastConfirmed() is null after a list");
    letTimePass();

    source().list(list(2));

    watch.awaitList(list(2), "a change");
    waiting()
        .await(
            () -> "lastConfirmed() later than " + first + "; it is " + watch.lastConfirmed(),
            () -> isAfter(watch.lastConfirmed(), first));
  }

  /** An error is no good word: the age of the list shows. */
  @Test
  protected void lastConfirmedStaysDuringAFailure() {
    HeardWatch watch = watchListed();
    source().fail();
    watch.awaitError(1, "the source fails");
    Instant before = watch.lastConfirmed();

    waiting().awaitBriefly(() -> !Objects.equals(before, watch.lastConfirmed()));

    assertEquals(before, watch.lastConfirmed(), "lastConfirmed() moved though the source fails");
  }

  /** Whatever a burst of changes and failures was, the last list is the right one. */
  @Test
  protected void burstOfChangesEndsWithTheLastList() {
    HeardWatch watch = watchListed();
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    for (int i = 0; i < BURST; i++) {
      if (random.nextInt(5) == 0) {
        source().fail();
      }
      source().list(anyOf(random));
    }

    source().list(list(0, 99));

    watch.awaitList(list(0, 99), "the last of a burst of changes");
    List<List<Endpoint>> lists = watch.lists();
    for (int i = 0; i < lists.size(); i++) {
      assertFalse(lists.get(i).isEmpty(), "an empty list was heard; the source listed none");
      assertFalse(
          i > 0 && HeardWatch.same(lists.get(i - 1), lists.get(i)),
          "a list was delivered twice in a row: " + lists.get(i));
    }
  }

  /** While the list changes, too, a listener is called by one thread at a time. */
  @Test
  protected void changesAreToldOneAfterTheOther() {
    HeardWatch watch = watch((heardBy, heard) -> heardBy.linger());
    awaitFirstList(watch);

    SideBySide.start(
            waiting(),
            () -> {
              for (int i = 2; i < 12; i++) {
                source().list(list(i));
              }
            },
            times(10, watch::refresh))
        .await("changes and hints were to return");

    watch.awaitList(list(11), "the last of ten changes");
    assertNull(watch.overlap(), "the listener was called by two threads at once");
  }

  /** A listener may close its own watch. */
  @Test
  protected void listenerMayCloseItsWatch() {
    HeardWatch closing =
        watch(
            (heardBy, heard) -> {
              if (heard.equals(new HeardWatch.Listed(list(2)))) {
                heardBy.close();
              }
            });
    awaitFirstList(closing);
    HeardWatch witness = watchListed();

    SideBySide.start(waiting(), () -> source().list(list(2))).await("a change was to return");
    closing.awaitList(list(2), "the list on which the listener closes its watch");
    source().list(list(3));
    witness.awaitList(list(3), "another watch hears the change that follows");

    assertEquals(
        2, closing.lists().size(), () -> "heard after its listener closed it: " + closing.heard());
  }

  /** Closing does not wait for a listener that another thread is in. */
  @Test
  protected void closeDoesNotWaitForTheListener() {
    CountDownLatch closed = new CountDownLatch(1);
    HeardWatch watch =
        watch(
            (heardBy, heard) -> {
              if (heard.equals(new HeardWatch.Listed(list(2)))) {
                awaitAtMostPatience(closed);
              }
            });
    awaitFirstList(watch);
    try {
      SideBySide change = SideBySide.start(waiting(), () -> source().list(list(2)));
      watch.awaitList(list(2), "the list with which the listener takes its time");

      SideBySide.start(waiting(), watch::close)
          .awaitPromptly("close waits for the listener, which may wait for what the closer holds");
      closed.countDown();
      change.await("the change was to return");
    } finally {
      closed.countDown();
    }
  }

  private void awaitAtMostPatience(CountDownLatch latch) {
    try {
      assertTrue(latch.await(patience().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A watch may be closed while a change is on its way: it ends, and what comes later is lost. */
  @Test
  protected void closeDuringAChangeEndsTheWatch() {
    HeardWatch witness = watchListed();
    for (int round = 0; round < 10; round++) {
      HeardWatch closed = watch();
      closed.awaitList(witness.lists().get(witness.lists().size() - 1), "the current list");
      List<Endpoint> during = list(10 + round);
      List<Endpoint> later = list(30 + round);

      SideBySide.start(waiting(), () -> source().list(during), closed::close)
          .await("a change and a close at the same time were to return");
      source().list(later);
      witness.awaitList(later, "the list after that");

      assertTrue(
          closed.lists().stream().noneMatch(list -> HeardWatch.same(list, later)),
          () -> "a change after close was heard: " + closed.heard());
    }
  }

  @Override
  final void begin() {
    start.accept(source());
  }

  private List<Endpoint> list(int... numbers) {
    List<Endpoint> list = new ArrayList<>();
    for (int number : numbers) {
      list.add(endpoint(number));
    }
    return list;
  }

  /** Some of the first eight, at least one, in some order. */
  private List<Endpoint> anyOf(RandomGenerator random) {
    List<Endpoint> some = new ArrayList<>(list(random.nextInt(8)));
    for (int i = 0; i < 8; i++) {
      Endpoint next = endpoint(i);
      if (random.nextBoolean() && !some.contains(next)) {
        some.add(random.nextInt(some.size() + 1), next);
      }
    }
    return some;
  }

  private void letItBeSeen(HeardWatch watch, Runnable change) {
    letTimePass();
    Instant before = watch.lastConfirmed();
    change.run();
    waiting().awaitBriefly(() -> !Objects.equals(before, watch.lastConfirmed()));
  }

  private static boolean isAfter(@Nullable Instant time, Instant other) {
    return time != null && time.isAfter(other);
  }
}
