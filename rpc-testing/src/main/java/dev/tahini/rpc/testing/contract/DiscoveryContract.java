package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What every {@link Discovery} can show: that it checks its targets, delivers their lists, and ends
 * with its last watch.
 *
 * <pre>{@code
 * class StaticDiscoveryTest extends DiscoveryContract {
 *   @Override
 *   protected Discovery newDiscovery() {
 *     return new StaticDiscovery();
 *   }
 *   ...
 * }
 * }</pre>
 *
 * <p>One whose source a test can change extends {@link ChangingDiscoveryContract}. Where the source
 * is slow, {@link #patience} is raised; where time is the test's, {@link #letTimePass} advances it.
 */
@Isolated("looks at the threads of the JVM")
public abstract class DiscoveryContract {
  private final List<HeardWatch> watches = new CopyOnWriteArrayList<>();
  private @Nullable Discovery discovery;
  private @Nullable Patience waiting;

  /** For implementers. */
  protected DiscoveryContract() {}

  /**
   * Makes the discovery; asked once in each test.
   *
   * @return a new one, that nobody watches yet
   */
  protected abstract Discovery newDiscovery();

  /**
   * A target that it serves.
   *
   * @return always the same in a test
   */
  protected abstract Target target();

  /**
   * What {@link #target()} lists.
   *
   * @return all of it, in any order; not empty
   */
  protected abstract List<Endpoint> endpoints();

  /**
   * Targets that it can never serve: {@link #target()} with an option that nobody knows, unless
   * overridden to add more, such as one with an authority or without a port.
   *
   * @return at least one; none only for a discovery that takes any target
   */
  protected List<Target> badTargets() {
    Map<String, String> options = new LinkedHashMap<>(target().options());
    options.put("no-such-option", "1");
    Target good = target();
    return List.of(new Target(good.scheme(), good.authority(), good.hosts(), options));
  }

  /**
   * How long to wait for what the discovery is to bring about, in the system's time. 10 s unless
   * overridden; what must not wait for the source is given a third of it.
   *
   * @return longer than any backoff of the discovery that {@link #letTimePass} does not shorten
   */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  /**
   * Run again and again while the contract waits, on the test's thread: where the discovery has a
   * {@link dev.tahini.rpc.testing.FakeTime}, it is advanced here. Does nothing unless overridden.
   */
  protected void letTimePass() {}

  /**
   * Tells the threads of a test's own server from those of the discovery, which must end with its
   * last watch. None unless overridden.
   *
   * @param thread one that was started since the test began
   * @return true to leave it out of account
   */
  protected boolean isOfTheSource(Thread thread) {
    return false;
  }

  /** The schemes are at least one, and in lower case: others are refused by the client. */
  @Test
  protected void schemesAreNamedInLowerCase() {
    Set<String> schemes = discovery().schemes();

    assertFalse(schemes.isEmpty(), "schemes() is empty: no target could name this discovery");
    for (String scheme : schemes) {
      assertTrue(
          scheme.matches("[a-z][a-z0-9+.-]*"),
          () ->
              "scheme: "
                  + scheme
                  + " (expected: lower-case letters, digits and +.-, as a target's is read)");
    }
  }

  /** The schemes are always the same: they are read once, when an injector is made. */
  @Test
  protected void schemesAreAlwaysTheSame() {
    Set<String> first = Set.copyOf(discovery().schemes());
    watchListed();

    assertEquals(first, discovery().schemes(), "schemes() changed: clients keep the first answer");
  }

  /** A target that it serves passes the check. */
  @Test
  protected void goodTargetPassesTheCheck() {
    assertDoesNotThrow(
        () -> discovery().check(target()),
        () -> "check refused " + target() + ", which watch is to serve");
  }

  /** A target that it can never serve is refused by the check, when an injector is made. */
  @Test
  protected void badTargetIsRefusedByTheCheck() {
    for (Target bad : badTargets()) {
      assertThrows(
          InvalidValueException.class,
          () -> discovery().check(bad),
          () -> "check of " + bad + ": so is a mistake found when the client is made");
    }
  }

  /** A target that it can never serve is refused by the watch, and nothing is delivered. */
  @Test
  protected void badTargetIsRefusedByTheWatch() {
    for (Target bad : badTargets()) {
      HeardWatch refused = listener((watch, heard) -> {});

      assertThrows(
          InvalidValueException.class,
          () -> refused.watch(discovery(), bad),
          () -> "watch of " + bad + ": else its client waits for a list that never comes");
      assertEquals(List.of(), refused.heard(), "a watch that was refused delivered something");
    }
  }

  /** A watch delivers the list of its target. */
  @Test
  protected void watchDeliversTheList() {
    HeardWatch watch = watchListed();

    assertEquals(1, watch.lists().size(), () -> "one list was to be heard: " + watch.heard());
  }

  /** A watch does not block on the network: a client is made on its user's thread. */
  @Test
  protected void watchReturnsSoon() {
    discovery();

    SideBySide.start(waiting(), this::watch).awaitPromptly("watch has not returned: it blocks");
  }

  /** Every watch gets the list: one instance serves many clients. */
  @Test
  protected void secondWatchGetsTheListToo() {
    HeardWatch first = watchListed();
    HeardWatch second = watchListed();
    first.close();
    HeardWatch third = watchListed();

    assertEquals(1, second.lists().size(), () -> "heard by the second: " + second.heard());
    assertEquals(1, third.lists().size(), () -> "heard after the first's end: " + third.heard());
  }

  /** Closing is idempotent, on any thread. */
  @Test
  protected void closeIsIdempotent() {
    HeardWatch watch = watchListed();

    for (int i = 0; i < 3; i++) {
      assertDoesNotThrow(watch::close, "close threw: it may be called more than once");
    }
    SideBySide.start(waiting(), watch::close, watch::close)
        .await("close was to end on other threads as well");
  }

  /** After the end of a watch nothing is delivered any more. */
  @Test
  protected void nothingIsDeliveredAfterClose() {
    HeardWatch closed = watchListed();
    closed.close();
    List<HeardWatch.Heard> before = closed.heard();

    assertDoesNotThrow(closed::refresh, "refresh threw after close");
    watchListed();
    waiting().awaitBriefly(() -> !closed.heard().equals(before));

    assertEquals(before, closed.heard(), "the closed watch delivered: its client is gone");
  }

  /** A listener is called by one thread at a time: clients do not lock. */
  @Test
  protected void listenerIsCalledByOneThreadAtATime() {
    HeardWatch watch = watch((heardBy, heard) -> heardBy.linger());
    awaitFirstList(watch);

    SideBySide.start(waiting(), times(5, watch::refresh), times(5, watch::refresh))
        .await("refresh was to return");

    assertNull(watch.overlap(), "the listener was called by two threads at once");
  }

  /** Once there was a list, it is told when the source last said anything good. */
  @Test
  protected void lastConfirmedIsKnownOnceThereWasAList() {
    HeardWatch watch = watchListed();

    assertNotNull(
        watch.lastConfirmed(), "lastConfirmed() is null though a list was heard: it has no age");
  }

  /** A hint is harmless at any time: no list is delivered anew, nothing is thrown. */
  @Test
  protected void refreshIsHarmlessAtAnyTime() {
    HeardWatch watch = watch();
    assertDoesNotThrow(times(10, watch::refresh)::run, "refresh threw before the first list");
    awaitFirstList(watch);
    assertDoesNotThrow(times(10, watch::refresh)::run, "refresh threw");
    waiting().awaitBriefly(() -> watch.heard().size() > 1);
    watch.close();
    assertDoesNotThrow(times(10, watch::refresh)::run, "refresh threw after close");

    assertEquals(
        List.of(new HeardWatch.Listed(watch.lists().get(0))),
        watch.heard(),
        "the list did not change, so that it was to be heard once and nothing else");
  }

  /** No thread of a watch keeps the JVM from ending. */
  @Test
  protected void noThreadKeepsTheJvmAlive() {
    discovery();
    StartedThreads started = new StartedThreads(this::isOfTheSource);
    watchListed();

    assertEquals(
        List.of(),
        started.alive(thread -> !thread.isDaemon()),
        "threads of a watch that are no daemons: a program whose main has ended would go on");
  }

  /** Threads are kept only as long as a watch is open. */
  @Test
  protected void noThreadIsLeftAfterTheLastClose() {
    discovery();
    StartedThreads started = new StartedThreads(this::isOfTheSource);
    HeardWatch first = watchListed();
    HeardWatch second = watchListed();
    first.close();
    second.close();

    waiting()
        .await(
            () -> "the end of the threads " + started.alive(thread -> true) + ": nobody watches",
            () -> started.alive(thread -> true).isEmpty());
  }

  /** Ends what the test began. */
  @AfterEach
  void closeWatches() {
    watches.forEach(HeardWatch::closeIfBegun);
    watches.clear();
    discovery = null;
    waiting = null;
  }

  final Discovery discovery() {
    Discovery known = discovery;
    if (known != null) {
      return known;
    }
    Discovery made = newDiscovery();
    assertNotNull(made, "newDiscovery() returned null");
    discovery = made;
    begin();
    return made;
  }

  /** Run before the first watch of a test. */
  void begin() {}

  final Patience waiting() {
    Patience known = waiting;
    if (known == null) {
      known = new Patience(patience(), this::letTimePass);
      waiting = known;
    }
    return known;
  }

  final HeardWatch listener(BiConsumer<HeardWatch, HeardWatch.Heard> reaction) {
    HeardWatch listener = new HeardWatch(waiting(), reaction);
    watches.add(listener);
    return listener;
  }

  final HeardWatch watch() {
    return watch((watch, heard) -> {});
  }

  final HeardWatch watch(BiConsumer<HeardWatch, HeardWatch.Heard> reaction) {
    return listener(reaction).watch(discovery(), target());
  }

  final HeardWatch watchListed() {
    HeardWatch watch = watch();
    awaitFirstList(watch);
    return watch;
  }

  final void awaitFirstList(HeardWatch watch) {
    watch.awaitList(endpoints(), "what " + target() + " lists at first");
  }

  static Runnable times(int count, Runnable action) {
    return () -> {
      for (int i = 0; i < count; i++) {
        action.run();
      }
    };
  }
}
