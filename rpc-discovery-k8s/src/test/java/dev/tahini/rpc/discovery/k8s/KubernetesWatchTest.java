package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a watch goes on, whatever the server does; in the test's time. */
class KubernetesWatchTest {
  private static final Duration DEBOUNCE = Duration.ofMillis(50);
  private static final Duration IDLE = Duration.ofSeconds(90);
  private static final Duration BACKOFF = Duration.ofSeconds(30);

  private final FakeTime time = new FakeTime();
  private final ScriptedApi api = new ScriptedApi();
  private final Heard heard = new Heard();
  private final KubernetesWatch watch = newWatch("k8s:///greeter.prod:grpc");

  /** What a listener heard, as text. */
  private static final class Heard implements Discovery.Listener {
    final List<String> all = new ArrayList<>();
    final List<String> lists = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    int confirmations;
    boolean isThrowing;

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      String list = endpoints.stream().map(Endpoint::toString).toList().toString();
      lists.add(list);
      hear(list);
    }

    @Override
    public void onError(Status error) {
      errors.add(String.valueOf(error.getDescription()));
      hear("error");
    }

    @Override
    public void onConfirmed() {
      confirmations++;
      hear("confirmed");
    }

    private void hear(String what) {
      all.add(what);
      if (isThrowing) {
        throw new IllegalStateException("scripted");
      }
    }

    @Nullable String lastList() {
      return lists.isEmpty() ? null : lists.get(lists.size() - 1);
    }
  }

  private KubernetesWatch newWatch(String text) {
    KubernetesOptions options = KubernetesOptions.defaults();
    KubernetesTarget target = KubernetesTarget.of(Target.parse(text));
    Sequence sequence = new Sequence(Target.parse(text), Runnable::run, time);
    return new KubernetesWatch(
        target,
        heard,
        options,
        time,
        sequence,
        listener ->
            new SliceWatch(
                api,
                new SliceReader(target),
                options,
                time,
                () -> new Random(1),
                sequence,
                listener),
        () -> {});
  }

  /** Lists one slice at version 5, and opens the watch. */
  private ScriptedApi.Request watching() {
    watch.start();
    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));
    return api.last().open();
  }

  private void pass(Duration duration) {
    time.advance(duration);
  }

  @Test
  void listIsFollowedByAWatchFromItsVersion() {
    watching();

    assertEquals(List.of("list", "watch 5"), api.asked());
    assertEquals(List.of("[10.0.0.1:80]"), heard.lists);
    assertEquals(time.now(), watch.lastConfirmed());
  }

  @Test
  void listComesInParts() {
    watch.start();
    api.last().answer(SliceTexts.list(5, "next", SliceTexts.ready("a", 4, "10.0.0.1")));
    assertEquals(List.of(), heard.lists);
    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("b", 4, "10.0.0.2")));

    assertEquals(List.of("list", "list next", "watch 5"), api.asked());
    assertEquals(List.of("[10.0.0.1:80, 10.0.0.2:80]"), heard.lists);
  }

  @Test
  void expiredPartBeginsTheListAnew() {
    watch.start();
    api.last().answer(SliceTexts.list(5, "next", SliceTexts.ready("a", 4, "10.0.0.1")));
    api.last().fail(new ApiFailure("too old", 410, null));
    pass(BACKOFF);
    api.last().answer(SliceTexts.list(6, "", SliceTexts.ready("b", 4, "10.0.0.2")));

    assertEquals(List.of("list", "list next", "list", "watch 6"), api.asked());
    assertEquals(List.of("[10.0.0.2:80]"), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void changesAreGatheredForAMoment() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("MODIFIED", SliceTexts.ready("a", 6)));
    open.say(SliceTexts.event("ADDED", SliceTexts.ready("b", 7, "10.0.0.1", "10.0.0.2")));
    assertEquals(1, heard.lists.size());
    pass(DEBOUNCE);

    assertEquals(List.of("[10.0.0.1:80]", "[10.0.0.1:80, 10.0.0.2:80]"), heard.lists);
  }

  @Test
  void endpointThatMovesBetweenSlicesDoesNotFlap() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("DELETED", SliceTexts.ready("a", 6, "10.0.0.1")));
    open.say(SliceTexts.event("ADDED", SliceTexts.ready("b", 7, "10.0.0.1")));
    pass(DEBOUNCE);

    assertEquals(List.of("[10.0.0.1:80]"), heard.lists);
  }

  @Test
  void deletedSlicesEmptyTheList() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("DELETED", SliceTexts.ready("a", 6, "10.0.0.1")));
    pass(DEBOUNCE);

    assertEquals("[]", heard.lastList());
  }

  @Test
  void watchThatEndsGoesOnFromTheLastVersion() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("MODIFIED", SliceTexts.ready("a", 6, "10.0.0.2")));
    open.say(SliceTexts.bookmark(9));
    pass(Duration.ofSeconds(60));
    open.end();

    assertEquals("watch 9", api.last().asked, "a watch that lasted is followed at once");
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void watchesThatEndAtOnceAreNotMadeInALoop() {
    watching().end();
    int asked = api.asked().size();
    assertEquals(2, asked, "at once");
    pass(BACKOFF);

    assertEquals(3, api.asked().size());
    assertEquals("watch 5", api.last().asked);
  }

  @Test
  void brokenConnectionGoesOnFromTheLastVersion() {
    watching().fail(ApiFailure.broken("reset", null));
    pass(BACKOFF);

    assertEquals("watch 5", api.last().asked);
    assertEquals(List.of(), heard.errors, "a connection breaks now and then");
  }

  @Test
  void refusedConnectionIsToldAndTheNextConfirms() {
    watching().fail(ApiFailure.broken("reset", null));
    pass(BACKOFF);
    api.last().fail(ApiFailure.broken("connection refused", null));
    assertEquals(List.of("connection refused"), heard.errors);
    pass(BACKOFF);
    api.last().open();

    assertEquals(1, heard.confirmations);
    assertEquals(1, heard.lists.size());
  }

  @Test
  void expiredVersionLeadsToANewList() {
    for (boolean asStatus : new boolean[] {false, true}) {
      ScriptedApi.Request open = asStatus ? api.last().open() : watching();
      if (asStatus) {
        open.fail(new ApiFailure("too old", 410, null));
      } else {
        open.say(SliceTexts.error(410));
      }
      pass(BACKOFF);
      assertEquals("list", api.last().asked);
      api.last().answer(SliceTexts.list(20, "", SliceTexts.ready("a", 4, "10.0.0.1")));
      assertEquals("watch 20", api.last().asked);
      api.last().open().say(SliceTexts.bookmark(21));
    }
    assertEquals(List.of("[10.0.0.1:80]"), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void otherErrorsOfAWatchLeadToANewList() {
    watching().say(SliceTexts.error(500));
    pass(BACKOFF);

    assertEquals("list", api.last().asked);
    assertEquals(List.of("the watch failed: no"), heard.errors);
    assertEquals(1, heard.lists.size());
  }

  @Test
  void lineThatIsNoEventLeadsToANewList() {
    watching().fail(ApiFailure.garbled("no JSON", null));
    pass(BACKOFF);

    assertEquals("list", api.last().asked);
    assertEquals(List.of("no JSON"), heard.errors);
  }

  @Test
  void unknownEventsAndFieldsAreIgnored() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("PROGRESS", "{'metadata':{'resourceVersion':'99'},'new':[1]}"));
    open.end();
    pass(BACKOFF);

    assertEquals("watch 5", api.last().asked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADDED    | null",
        "MODIFIED | {'metadata':null}",
        "DELETED  | {'metadata':{'resourceVersion':'7'}}",
        "ADDED    | {'metadata':{'name':'a'}}",
        "BOOKMARK | {'metadata':{}}"
      })
  void eventWithoutItsPartsLeadsToANewList(String type, String object) {
    watching().say(SliceTexts.event(type, object));
    pass(BACKOFF);

    assertEquals("list", api.last().asked);
    assertEquals(1, heard.errors.size());
  }

  @Test
  void silenceIsEndedAndGoesOnFromTheLastVersion() {
    ScriptedApi.Request open = watching();
    pass(IDLE.minusMillis(1));
    assertFalse(open.isCancelled());
    pass(Duration.ofMillis(1));

    assertTrue(open.isCancelled());
    assertEquals("watch 5", api.last().asked);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void bookmarksKeepAWatchAlive() {
    ScriptedApi.Request open = watching();
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(60));
      open.say(SliceTexts.bookmark(10 + i));
    }

    assertFalse(open.isCancelled());
    assertEquals(2, api.asked().size());
  }

  @Test
  void secondSilenceLeadsToANewList() {
    watching();
    pass(IDLE);
    api.last().open();
    pass(IDLE);
    pass(BACKOFF);

    assertEquals(List.of("list", "watch 5", "watch 5", "list"), api.asked());
    api.last().answer(SliceTexts.list(2, "", SliceTexts.ready("a", 1, "10.0.0.9")));
    assertEquals("watch 2", api.last().asked);
    assertEquals("[10.0.0.9:80]", heard.lastList());
    assertEquals(List.of(), heard.errors, "it may be quiet, and answers");
  }

  @Test
  void serverThatTakesRequestsAndSaysNothingIsToldOf() {
    watch.start();
    pass(IDLE);

    assertEquals(List.of("https://api: nothing was heard for 90000 ms"), heard.errors);
    assertTrue(api.last().isDistrusted(), "the HTTP client may be to blame");
    pass(BACKOFF);
    assertEquals(List.of("list", "list"), api.asked());
  }

  @Test
  void retryAfterIsHonoured() {
    watch.start();
    api.last().fail(new ApiFailure("too many", 429, Duration.ofSeconds(100)));
    pass(Duration.ofSeconds(100).minusMillis(1));
    assertEquals(1, api.asked().size());
    pass(BACKOFF);

    assertEquals(2, api.asked().size());
    assertEquals(List.of("too many"), heard.errors);
  }

  @Test
  void backoffGrowsAndIsForgottenAfterAnEvent() {
    watch.start();
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      api.last().fail(ApiFailure.broken("refused", null));
      Instant before = time.now();
      while (api.asked().size() == i + 1) {
        time.advanceToNext();
      }
      waits.add(Duration.between(before, time.now()));
    }
    assertTrue(waits.get(0).compareTo(Duration.ofMillis(100)) <= 0, waits::toString);
    assertTrue(waits.get(11).compareTo(Duration.ofSeconds(1)) > 0, waits::toString);
    assertTrue(waits.stream().allMatch(w -> w.compareTo(BACKOFF) <= 0), waits::toString);

    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));
    api.last().open().say(SliceTexts.bookmark(6));
    api.last().fail(ApiFailure.broken("reset", null));
    pass(Duration.ofMillis(100));
    assertEquals("watch 6", api.last().asked);
    assertEquals(15, api.asked().size());
  }

  /** Lists are dear to the server: good ones must not bring the next one near. */
  @Test
  void watchThatFailsAfterEachListIsWaitedForLongerAndLonger() {
    watch.start();
    Instant end = time.now().plus(Duration.ofMinutes(5));
    while (time.now().isBefore(end)) {
      if (api.last().asked.equals("list")) {
        api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));
        api.last().open().say(SliceTexts.error(500));
      }
      time.advanceToNext();
    }

    long lists = api.asked().stream().filter("list"::equals).count();
    assertTrue(lists < 50, () -> lists + " lists in 5 minutes");
  }

  @Test
  void versionThatIsRefusedIsGivenUp() {
    watching().fail(new ApiFailure("HTTP 400: invalid resourceVersion", 400, null));
    pass(BACKOFF);

    assertEquals("list", api.last().asked);
    assertEquals(List.of("HTTP 400: invalid resourceVersion"), heard.errors);
  }

  @Test
  void missingRightIsNoReasonToGiveTheVersionUp() {
    for (int code : new int[] {401, 403, 429, 500, 503}) {
      ScriptedApi.Request last = code == 401 ? watching() : api.last();
      last.fail(new ApiFailure("no", code, null));
      pass(BACKOFF);

      assertEquals("watch 5", api.last().asked);
    }
  }

  @Test
  void lateBytesOfAnOldWatchSayNothingOfTheNew() {
    ScriptedApi.Request old = watching();
    pass(IDLE);
    ScriptedApi.Request open = api.last().open();
    old.open();
    open.fail(ApiFailure.broken("reset", null));

    assertEquals(List.of(), heard.errors, "it was answered and broke, as connections do");
  }

  @Test
  void listenerThatThrowsDoesNotEndTheWatch() {
    heard.isThrowing = true;
    ScriptedApi.Request open = watching();
    assertEquals("watch 5", api.last().asked);
    open.say(SliceTexts.error(500));
    pass(BACKOFF);

    assertEquals(List.of("[10.0.0.1:80]", "error"), heard.all);
    assertEquals("list", api.last().asked);
  }

  @Test
  void firstListEndsAFailureByItself() {
    watch.start();
    api.last().fail(ApiFailure.broken("refused", null));
    pass(BACKOFF);
    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));

    assertEquals(List.of("error", "[10.0.0.1:80]"), heard.all);
  }

  @Test
  void changeAfterAFailureIsDeliveredAndNotConfirmed() {
    watching().fail(new ApiFailure("no", 500, null));
    pass(BACKOFF);
    api.last().say(SliceTexts.event("MODIFIED", SliceTexts.ready("a", 6, "10.0.0.2")));
    pass(DEBOUNCE);

    assertEquals(List.of("[10.0.0.1:80]", "error", "[10.0.0.2:80]"), heard.all);
  }

  @Test
  void relistReplacesWhatWasKnownAndNotThroughEmpty() {
    watching().say(SliceTexts.error(410));
    pass(BACKOFF);
    api.last().answer(SliceTexts.list(30, "", SliceTexts.ready("b", 29, "10.0.0.7")));

    assertEquals(List.of("[10.0.0.1:80]", "[10.0.0.7:80]"), heard.lists);
  }

  /** Calls that wait would be failed by an empty list, and without the reason. */
  @Test
  void wrongPortTakesThePlaceOfTheFirstList() {
    KubernetesWatch other = newWatch("k8s:///greeter.prod:web");
    other.start();
    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));

    assertEquals(List.of("error"), heard.all);
    assertEquals(
        List.of("port: web (expected: one of [grpc (80)] of service greeter.prod)"), heard.errors);
  }

  @Test
  void whyTheListIsEmptyIsToldAfterIt() {
    ScriptedApi.Request open = watching();
    open.say(
        SliceTexts.event(
            "MODIFIED",
            SliceTexts.ofEndpoints(
                "a", 6, "{'addresses':['10.0.0.1'],'conditions':{'ready':false}}")));
    pass(DEBOUNCE);
    assertEquals(List.of("[10.0.0.1:80]", "[]", "error"), heard.all);
    open.say(SliceTexts.event("DELETED", SliceTexts.ready("a", 7)));
    pass(DEBOUNCE);
    open.say(SliceTexts.event("ADDED", SliceTexts.ready("a", 8)));
    pass(DEBOUNCE);

    assertEquals(List.of("[10.0.0.1:80]", "[]", "error", "error", "confirmed"), heard.all);
    assertEquals(
        List.of(
            "service greeter.prod: none of its pods is ready (1 are not)",
            "service greeter.prod has no EndpointSlices (expected: a service of that name, with a"
                + " selector)"),
        heard.errors);
  }

  @Test
  void whyThereIsNoListIsToldAgainAfterAnOutage() {
    KubernetesWatch other = newWatch("k8s:///greeter.prod:web");
    other.start();
    api.last().answer(SliceTexts.list(5, "", SliceTexts.ready("a", 4, "10.0.0.1")));
    api.last().fail(new ApiFailure("HTTP 500", 500, null));
    pass(BACKOFF);
    api.last().open();

    assertEquals(List.of("error", "error", "error"), heard.all);
    assertTrue(heard.errors.get(2).startsWith("port: web"), heard.errors::toString);
  }

  @Test
  void closedWatchAsksAndTellsNothingMore() {
    ScriptedApi.Request open = watching();
    open.say(SliceTexts.event("MODIFIED", SliceTexts.ready("a", 6, "10.0.0.2")));
    watch.close();
    watch.close();
    pass(Duration.ofHours(1));
    open.say(SliceTexts.event("MODIFIED", SliceTexts.ready("a", 7, "10.0.0.3")));

    assertTrue(open.isCancelled());
    assertEquals(2, api.asked().size());
    assertEquals(1, heard.lists.size());
  }
}
