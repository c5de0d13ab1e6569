package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticDiscoveryTest {
  /** Unknown without a question to DNS, whose labels have 63 characters at most. */
  private static final String UNKNOWN = "static:///" + "x".repeat(64) + ".invalid:80";

  private final FakeTime time = new FakeTime();
  private final ManualExecutor executor = new ManualExecutor();
  private final Heard heard = new Heard();

  @Test
  void servesStaticTargets() {
    assertEquals(Set.of("static"), new StaticDiscovery().schemes());
  }

  @Test
  void listOfATargetIsDeliveredAtOnce() {
    watch(Map.of(), "static:///10.0.0.1:80,[2001:db8::1]:443");

    assertEquals(List.of(List.of("10.0.0.1:80", "[2001:db8::1]:443")), heard.lists);
    assertEquals(0, executor.waiting());
  }

  @Test
  void endpointsServeWithWeightOne() {
    watch(Map.of(), "static:///10.0.0.1:80");

    assertEquals(List.of(Endpoints.A), heard.endpoints);
  }

  @Test
  void addressListedTwiceIsDeliveredTwice() {
    watch(Map.of(), "static:///10.0.0.1:80,10.0.0.1:80");

    assertEquals(List.of(List.of("10.0.0.1:80", "10.0.0.1:80")), heard.lists);
  }

  @Test
  void localhostNeedsNoLookUpElsewhere() {
    watch(Map.of(), "static:///localhost:80");

    assertEquals(0, executor.waiting());
    assertTrue(heard.lists.get(0).contains("127.0.0.1:80"), heard.lists.toString());
  }

  @Test
  void hostNameIsLookedUpOnTheExecutor() {
    watch(Map.of(), "static:///greeter.invalid:80");

    assertEquals(List.of(), heard.lists);
    assertEquals(1, executor.waiting());
  }

  /** For the JVM these are host names, of which it asks DNS: later, or never. */
  @ParameterizedTest
  @ValueSource(strings = {"999.1.1.1", "1.2.3.4.5", "1..2", "10.0.0.256"})
  void hostThatOnlyLooksLikeAnAddressIsNotLookedUpOnTheCallersThread(String host) {
    try {
      watch(Map.of(), "static:///" + host + ":80");
    } catch (InvalidValueException refused) {
      assertTrue(String.valueOf(refused.getMessage()).contains(host), refused.getMessage());
    }

    assertEquals(List.of(), heard.errors);
  }

  @Test
  void nothingIsLookedUpAfterClose() {
    watch(Map.of(), "static:///greeter.invalid:80").close();

    executor.runAll();

    assertEquals(List.of(), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void nameOfTheTableIsItsList() {
    watch(Map.of("greeter.prod:grpc", "127.0.0.1:50051,127.0.0.1:50052"), "greeter.prod:grpc");

    assertEquals(List.of(List.of("127.0.0.1:50051", "127.0.0.1:50052")), heard.lists);
  }

  @Test
  void nameWithoutPortIsItsOwn() {
    watch(Map.of("greeter.prod", "127.0.0.1:1", "greeter.prod:80", "127.0.0.1:2"), "greeter.prod");

    assertEquals(List.of(List.of("127.0.0.1:1")), heard.lists);
  }

  @Test
  void unknownNameIsRefusedByNamingTheKnown() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("greeter.prod:grpc", "127.0.0.1:1");

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> watch(names, "cache.prod:grpc"));

    assertEquals(
        "target: cache.prod:grpc"
            + " (expected: static:///host:port, or one of the names [greeter.prod:grpc])",
        e.getMessage());
  }

  @Test
  void nameOfTheTableIsFoundInEitherCase() {
    watch(Map.of("Greeter.Prod:grpc", "127.0.0.1:1"), "greeter.prod:GRPC");

    assertEquals(1, heard.lists.size());
  }

  @Test
  void unknownNameIsFoundWithoutAWatch() {
    StaticDiscovery discovery = discovery(Map.of("greeter.prod", "127.0.0.1:1"));

    assertThrows(InvalidValueException.class, () -> discovery.check(Target.parse("greeter.prd")));
  }

  @Test
  void staticTargetWorksBesideATable() {
    watch(Map.of("greeter.prod:grpc", "127.0.0.1:1"), "static:///10.0.0.1:80");

    assertEquals(List.of(List.of("10.0.0.1:80")), heard.lists);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "static:///10.0.0.1|10.0.0.1",
        "static:///10.0.0.1:80,10.0.0.2|10.0.0.2",
        "static:///10.0.0.1:grpc|10.0.0.1:grpc"
      })
  void missingPortIsRefusedByNamingItsHost(String target, String host) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> watch(Map.of(), target));

    assertEquals(
        "address: " + host + " (expected: host:port with a number for the port, in " + target + ")",
        e.getMessage());
  }

  @Test
  void optionsAreRefused() {
    InvalidValueException e =
        assertThrows(
            InvalidValueException.class, () -> watch(Map.of(), "static:///10.0.0.1:80?family=v4"));

    assertEquals(
        "options: {family=v4} (expected: empty: a static target has none)", e.getMessage());
  }

  @Test
  void authorityIsRefused() {
    assertThrows(
        InvalidValueException.class, () -> watch(Map.of(), "static://10.0.0.1:80/10.0.0.2:80"));
  }

  @Test
  void optionsAreRefusedForANameOfTheTable() {
    Map<String, String> names = Map.of("greeter.prod", "127.0.0.1:1");

    assertThrows(InvalidValueException.class, () -> watch(names, "greeter.prod?family=v4"));
  }

  @Test
  void optionsAreRefusedInTheTable() {
    assertThrows(
        InvalidValueException.class, () -> discovery(Map.of("greeter", "127.0.0.1:1?weight=3")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"greeter:0|127.0.0.1:1", "greeter|127.0.0.1", "greeter|127.0.0.1:0", "greeter|''"})
  void badTableIsRefusedWhenItIsGiven(String name, String list) {
    assertThrows(InvalidValueException.class, () -> discovery(Map.of(name, list)));
  }

  @Test
  void listWasConfirmedWhenItWasDelivered() {
    Discovery.Subscription watch = watch(Map.of(), "static:///10.0.0.1:80");

    assertEquals(time.clock().instant(), watch.lastConfirmed());
  }

  @Test
  void listThatIsNotLookedUpYetIsNotConfirmed() {
    assertNull(watch(Map.of(), "static:///greeter.invalid:80").lastConfirmed());
  }

  @Test
  void unknownHostIsLookedUpAgainAfterABackoff() {
    watch(Map.of(), UNKNOWN);
    executor.runAll();
    Duration first = time.timers().get(0);
    time.pass(Duration.ofSeconds(1));
    executor.runAll();
    Duration second = time.timers().get(0);

    assertEquals(2, heard.errors.size());
    assertBetween(500, first, 1_000);
    assertBetween(1_000 - 500, second, 2_000);
  }

  @Test
  void closedWatchLooksNothingUpAgain() {
    Discovery.Subscription watch = watch(Map.of(), UNKNOWN);
    executor.runAll();

    watch.close();

    assertEquals(List.of(), time.timers());
  }

  private static void assertBetween(long leastMillis, Duration actual, long mostMillis) {
    assertTrue(
        actual.toMillis() >= leastMillis && actual.toMillis() <= mostMillis, actual::toString);
  }

  @Test
  void watchMayBeClosedTwice() {
    Discovery.Subscription watch = watch(Map.of(), "static:///10.0.0.1:80");

    watch.close();
    watch.close();

    assertFalse(heard.lists.isEmpty());
  }

  private Discovery.Subscription watch(Map<String, String> names, String target) {
    return discovery(names).watch(Target.parse(target), heard);
  }

  private StaticDiscovery discovery(Map<String, String> names) {
    return new StaticDiscovery(names, time, () -> new Random(7), executor);
  }

  private static final class Heard implements Discovery.Listener {
    final List<List<String>> lists = new ArrayList<>();
    final List<Status> errors = new ArrayList<>();
    List<Endpoint> endpoints = List.of();

    @Override
    public void onEndpoints(List<Endpoint> all) {
      endpoints = all;
      lists.add(requireNonNull(all).stream().map(Endpoint::addressText).toList());
    }

    @Override
    public void onError(Status error) {
      errors.add(error);
    }
  }
}
