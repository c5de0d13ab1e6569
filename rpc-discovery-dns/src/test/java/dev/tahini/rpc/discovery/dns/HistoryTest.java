package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.discovery.dns.History.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is believed of an answer, and when DNS is asked again. */
class HistoryTest {
  private static final DnsOptions OPTIONS = DnsOptions.defaults();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Which look-up, and when. */
  record Event(Resolved<Endpoint> found, int secondsLater) {}

  @ParameterizedTest
  @CsvSource({
    "0,      1000, 1100",
    "1,      1000, 1100",
    "2,      1800, 2000",
    "10,     9000, 10000",
    "30,     27000, 30000",
    "86400,  27000, 30000",
    "4294967295, 27000, 30000"
  })
  void nextLookUpIsWhenTheTtlIsOver(long ttlSeconds, long fromMillis, long toMillis) {
    assertEquals(
        new Delay(fromMillis * 1_000_000, toMillis * 1_000_000),
        History.NEW.next(found(ttlSeconds, 1), 0, OPTIONS).delay());
  }

  @ParameterizedTest
  @CsvSource({"1,1,2", "2,2,4", "3,4,8", "4,8,16", "5,15,30", "6,15,30", "40,15,30"})
  void failuresAreFollowedByLongerAndLongerWaits(int failures, int from, int to) {
    History history = History.NEW;
    Delay delay = new Delay(0, 0);
    for (int i = 0; i < failures; i++) {
      Step step = history.next(Resolved.failed("down"), i * SECOND, OPTIONS);
      history = step.history();
      delay = step.delay();
    }

    assertEquals(new Delay(from * SECOND, to * SECOND), delay);
  }

  @Test
  void waitsAreBetweenMinimumAndMaximum() {
    DnsOptions fixed = OPTIONS.withRefresh(Duration.ofSeconds(30), Duration.ofSeconds(30));
    Delay always = new Delay(30 * SECOND, 30 * SECOND);

    assertEquals(always, History.NEW.next(found(1, 1), 0, fixed).delay());
    assertEquals(always, History.NEW.next(none(), 0, fixed).delay());
    assertEquals(always, History.NEW.next(Resolved.failed("down"), 0, fixed).delay());
  }

  @Test
  void goodAnswerEndsTheBackoff() {
    History failed = History.NEW.next(Resolved.failed("down"), 0, OPTIONS).history();
    History good = failed.next(found(30, 1), 0, OPTIONS).history();

    assertEquals(
        new Delay(SECOND, 2 * SECOND), good.next(Resolved.failed("down"), 0, OPTIONS).delay());
  }

  @Test
  void failureAloneChangesNothing() {
    History known = History.NEW.next(found(30, 1, 2), 0, OPTIONS).history();

    Step step = known.next(Resolved.failed("greeter.test. A: SERVFAIL"), SECOND, OPTIONS);

    assertNull(step.delivered());
    assertEquals("greeter.test. A: SERVFAIL", step.error());
    assertFalse(step.isConfirmed());
    assertEquals(known.list(), step.history().list());
  }

  @Test
  void otherOrderIsConfirmedAndNotDelivered() {
    History known = History.NEW.next(found(30, 1, 2), 0, OPTIONS).history();

    Step step = known.next(found(30, 2, 1), SECOND, OPTIONS);

    assertNull(step.delivered());
    assertTrue(step.isConfirmed());
    assertNull(step.error());
  }

  @Test
  void whatIsKnownInSpiteOfAFailureIsDeliveredWithIt() {
    Resolved<Endpoint> partly = found(30, 1).and(Resolved.failed("greeter.test. AAAA: SERVFAIL"));

    Step first = History.NEW.next(partly, 0, OPTIONS);
    Step second = first.history().next(partly, SECOND, OPTIONS);

    assertEquals(List.of(endpoint(1)), first.delivered());
    assertEquals("greeter.test. AAAA: SERVFAIL", first.error());
    assertNull(second.delivered());
    assertEquals(new Delay(2 * SECOND, 4 * SECOND), second.delay());
  }

  @Test
  void noneIsBelievedTheThirdTimeAndAfterTenSeconds() {
    History known = History.NEW.next(found(30, 1), 0, OPTIONS).history();

    Step first = known.next(none(), 0, OPTIONS);
    Step second = first.history().next(none(), 5 * SECOND, OPTIONS);
    Step tooSoon = second.history().next(none(), 9 * SECOND, OPTIONS);
    Step third = second.history().next(none(), 10 * SECOND, OPTIONS);

    assertNull(first.delivered());
    assertTrue(String.valueOf(first.error()).startsWith("no such name"), first::toString);
    assertNull(second.delivered());
    assertNull(tooSoon.delivered());
    assertEquals(List.of(), tooSoon.history().next(none(), 10 * SECOND, OPTIONS).delivered());
    assertEquals(List.of(), third.delivered());
    assertEquals("no such name (NXDOMAIN)", third.error(), "why it is empty");
    assertTrue(third.isConfirmed());
    Step fourth = third.history().next(none(), 30 * SECOND, OPTIONS);
    assertNull(fourth.delivered());
    assertTrue(fourth.isConfirmed());
  }

  @Test
  void noneIsAskedAgainSoEarlyThatItIsBelievedInTime() {
    Resolved<Endpoint> longTtl = Resolved.none("no such name", 3_600);
    Resolved<Endpoint> shortTtl = Resolved.none("no such name", 2);

    assertEquals(
        new Delay(5 * SECOND, 5_500_000_000L), History.NEW.next(longTtl, 0, OPTIONS).delay());
    assertEquals(
        new Delay(2 * SECOND, 2_200_000_000L), History.NEW.next(shortTtl, 0, OPTIONS).delay());
  }

  @Test
  void failureBetweenIsNoAnswerInARow() {
    History known = History.NEW.next(found(30, 1), 0, OPTIONS).history();
    History twice =
        known.next(none(), 0, OPTIONS).history().next(none(), 20 * SECOND, OPTIONS).history();
    History failed = twice.next(Resolved.failed("down"), 21 * SECOND, OPTIONS).history();

    assertNull(failed.next(none(), 40 * SECOND, OPTIONS).delivered());
  }

  @Test
  void noneBeforeAnyListIsAnErrorUntilItIsBelieved() {
    Step first = History.NEW.next(none(), 0, OPTIONS);

    assertNotNull(first.error());
    assertNull(first.delivered());
    DnsOptions credulous = OPTIONS.withEmptyAfter(1, Duration.ZERO);
    assertEquals(List.of(), History.NEW.next(none(), 0, credulous).delivered());
  }

  /** Whatever the look-ups were. */
  @Property(tries = 1_000)
  void listIsEmptiedForGoodReasonOnly(@ForAll("events") List<Event> events, @ForAll Random random) {
    History history = History.NEW;
    @Nullable Set<Endpoint> delivered = null;
    long now = random.nextLong();
    int noneInARow = 0;
    long noneSince = 0;
    for (Event event : events) {
      now += event.secondsLater() * SECOND;
      boolean isNone = event.found().isNone();
      noneSince = isNone && noneInARow > 0 ? noneSince : now;
      noneInARow = isNone ? noneInARow + 1 : 0;
      Step step = history.next(event.found(), now, OPTIONS);
      history = step.history();
      List<Endpoint> list = step.delivered();
      if (list != null) {
        assertFalse(new HashSet<>(list).equals(delivered), "the same list twice in a row");
        if (list.isEmpty()) {
          assertTrue(noneInARow >= 3 && now - noneSince >= 10 * SECOND, "emptied too soon");
        } else {
          assertEquals(event.found().values(), list);
        }
        delivered = new HashSet<>(list);
      } else if (!event.found().values().isEmpty()) {
        assertEquals(delivered, new HashSet<>(event.found().values()), "a change was lost");
      }
      assertTrue(step.delay().fromNanos() >= SECOND, "sooner than the minimum");
      assertTrue(step.delay().toNanos() <= 30 * SECOND, "later than the maximum");
      long drawn = step.delay().drawNanos(random);
      assertTrue(drawn >= step.delay().fromNanos() && drawn <= step.delay().toNanos());
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<List<Integer>> numbers =
        Arbitraries.integers().between(1, 4).set().ofMinSize(1).ofMaxSize(3).map(ArrayList::new);
    Arbitrary<Resolved<Endpoint>> found =
        Combinators.combine(numbers, Arbitraries.longs().between(0, 100)).as(HistoryTest::shuffled);
    Arbitrary<Resolved<Endpoint>> any =
        Arbitraries.frequencyOf(
            Tuple.of(3, found),
            Tuple.of(1, found.map(each -> each.and(Resolved.failed("part")))),
            Tuple.of(3, Arbitraries.just(none())),
            Tuple.of(1, Arbitraries.just(Resolved.failed("down"))));
    return Combinators.combine(any, Arbitraries.integers().between(0, 12))
        .as(Event::new)
        .list()
        .ofMaxSize(25);
  }

  private static Resolved<Endpoint> shuffled(List<Integer> numbers, long ttlSeconds) {
    List<Endpoint> endpoints =
        new ArrayList<>(numbers.stream().map(HistoryTest::endpoint).toList());
    Collections.shuffle(endpoints, new Random(ttlSeconds));
    return Resolved.found(List.copyOf(endpoints), ttlSeconds);
  }

  private static Resolved<Endpoint> none() {
    return Resolved.none("no such name (NXDOMAIN)", 0);
  }

  private static Resolved<Endpoint> found(long ttlSeconds, int... numbers) {
    return Resolved.found(
        IntStream.of(numbers).mapToObj(HistoryTest::endpoint).toList(), ttlSeconds);
  }

  private static Endpoint endpoint(int number) {
    try {
      byte[] ip = {10, 0, 0, (byte) number};
      return Endpoint.of(new InetSocketAddress(InetAddress.getByAddress(ip), 80));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
