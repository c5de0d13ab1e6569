package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

/** Where names are looked for. */
class NameSearchTest {
  private static final SearchList LIST =
      new SearchList(List.of(Replies.name("prod.test."), Replies.name("test.")), 2);

  private final ScriptedQuestions questions = new ScriptedQuestions();
  private final HostLookup hosts = new HostLookup(questions, Family.V4);
  private final NameSearch search = new NameSearch(Replies.name("greeter"), () -> LIST);

  private Resolved<InetAddress> lookUp() {
    return lookUp(false);
  }

  private Resolved<InetAddress> lookUp(boolean stays) {
    return search.first(stays, hosts::lookUp).toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({
    "greeter, greeter.prod.test. greeter.test. greeter.",
    "a.b, a.b.prod.test. a.b.test. a.b.",
    "a.b.c, a.b.c. a.b.c.prod.test. a.b.c.test.",
    "greeter., greeter.",
    "a.b.c., a.b.c."
  })
  void namesWithFewDotsAreSearchedFirst(String name, String candidates) {
    assertEquals(
        candidates,
        String.join(
            " ", LIST.candidates(Replies.name(name)).stream().map(Name::toString).toList()));
  }

  @Test
  void nameThatIsTooLongInADomainIsNotTriedThere() {
    String label = "a".repeat(63);
    Name longest = Replies.name(String.join(".", label, label, label, "a".repeat(60)));

    assertEquals(
        List.of(longest + "."), LIST.candidates(longest).stream().map(Name::toString).toList());
  }

  @Test
  void nextDomainIsTriedWhereThereIsNone() {
    questions.records("greeter.test. A", "greeter.test. 60 A 10.0.0.1");

    assertEquals(1, lookUp().values().size());
    assertEquals(List.of("greeter.prod.test. A", "greeter.test. A"), questions.asked());
  }

  @Test
  void failureDoesNotLeadToAnotherService() {
    questions.fail("greeter.prod.test. A");
    questions.records("greeter.test. A", "greeter.test. 60 A 10.0.0.1");

    assertEquals("greeter.prod.test. A: SERVFAIL", lookUp().failure());
    assertEquals(List.of("greeter.prod.test. A"), questions.asked());
  }

  @Test
  void failureTellsWhereWasLookedBefore() {
    questions.fail("greeter.test. A");

    assertEquals(
        "greeter.test. A: SERVFAIL; before that greeter.prod.test. A: no such name",
        lookUp().failure());
  }

  @Test
  void nameThatWasFoundIsKeptUntilItIsBelievedToBeGone() {
    questions.records("greeter.test. A", "greeter.test. 60 A 10.0.0.1");
    lookUp();
    questions.asked();
    questions.records("greeter.prod.test. A", "greeter.prod.test. 60 A 10.0.0.9");

    assertEquals("10.0.0.1", lookUp(true).values().get(0).getHostAddress());
    questions.answer("greeter.test. A", new Answer.None("gone for a moment", 5));
    assertEquals(List.of(), lookUp(true).values());
    assertEquals(List.of("greeter.test. A", "greeter.test. A"), questions.asked());

    assertEquals("10.0.0.9", lookUp(false).values().get(0).getHostAddress());
  }

  @Test
  void everyNameIsToldOfWhereNoneIsThere() {
    assertEquals(
        "greeter.prod.test. A: no such name; greeter.test. A: no such name;"
            + " greeter. A: no such name",
        lookUp().none());
  }

  @Test
  void ipv4AddressInAnAaaaRecordIsNoIpv6Address() {
    questions.records("greeter.prod.test. AAAA", "greeter.prod.test. 60 AAAA ::ffff:10.0.0.1");
    questions.records("greeter.prod.test. A", "greeter.prod.test. 60 A 10.0.0.1");
    HostLookup both = new HostLookup(questions, Family.BOTH);

    assertEquals(1, search.first(false, both::lookUp).toCompletableFuture().join().values().size());
  }

  @Test
  void bothFamiliesComeFromOneName() {
    questions.records("greeter.prod.test. AAAA", "greeter.prod.test. 60 AAAA fd00::1");
    questions.records("greeter.test. A", "greeter.test. 60 A 10.0.0.1");
    HostLookup both = new HostLookup(questions, Family.BOTH);

    Resolved<InetAddress> found = search.first(false, both::lookUp).toCompletableFuture().join();

    assertEquals("fd00:0:0:0:0:0:0:1", found.values().get(0).getHostAddress());
    assertEquals(1, found.values().size());
    assertEquals(5, found.ttlSeconds(), "that there is no A record holds for 5 s");
  }
}
