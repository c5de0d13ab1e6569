package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SRV records, and what becomes of them. */
class ServiceLookupTest {
  private static final String SERVICE = "_grpc._tcp.greeter.test.";

  private final ScriptedQuestions questions = new ScriptedQuestions();
  private final AnswerMemory memory = new AnswerMemory();
  private final ServiceLookup services = new ServiceLookup(questions, memory, Family.V4);

  private Resolved<Endpoint> lookUp() {
    memory.beginAgain();
    return memory.end(services.lookUp(Replies.name(SERVICE)).toCompletableFuture().join());
  }

  private List<String> endpoints() {
    return lookUp().values().stream().map(Endpoint::toString).toList();
  }

  private void services(String... records) {
    String[] lines = new String[records.length];
    for (int i = 0; i < records.length; i++) {
      lines[i] = SERVICE + " 60 SRV " + records[i];
    }
    questions.records(SERVICE + " SRV", lines);
  }

  private void host(String name, String... addresses) {
    String[] lines = new String[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      lines[i] = name + " 30 A " + addresses[i];
    }
    questions.records(name + " A", lines);
  }

  @Test
  void weightIsSharedAmongTheAddressesOfATarget() {
    services("0 10 80 a.test.", "0 30 80 b.test.");
    host("a.test.", "10.0.0.1");
    host("b.test.", "10.0.1.1", "10.0.1.2", "10.0.1.3");

    assertEquals(
        List.of(
            "10.0.0.1:80 weight=30 name=a.test",
            "10.0.1.1:80 weight=30 name=b.test",
            "10.0.1.2:80 weight=30 name=b.test",
            "10.0.1.3:80 weight=30 name=b.test"),
        endpoints());
  }

  @Test
  void weightOfNothingIsOne() {
    services("0 0 80 a.test.", "0 65535 81 a.test.");
    host("a.test.", "10.0.0.1");

    assertEquals(
        List.of("10.0.0.1:80 name=a.test", "10.0.0.1:81 weight=65535 name=a.test"), endpoints());
  }

  @Test
  void lowestPriorityIsUsedAlone() {
    services("20 0 80 b.test.", "10 0 80 a.test.");
    host("a.test.", "10.0.0.1");
    host("b.test.", "10.0.0.2");

    assertEquals(List.of("10.0.0.1:80 name=a.test"), endpoints());
    assertEquals(List.of(SERVICE + " SRV", "a.test. A"), questions.asked());
  }

  @Test
  void nextPriorityIsUsedWhereTheLowestHasNothingForCertain() {
    services("10 0 80 a.test.", "20 0 80 b.test.", "30 0 80 c.test.");
    host("b.test.", "10.0.0.2");
    host("c.test.", "10.0.0.3");

    assertEquals(List.of("10.0.0.2:80 name=b.test"), endpoints());
    assertEquals(5, lookUp().ttlSeconds(), "that the first has nothing holds for 5 s");
  }

  @Test
  void failureOfTheLowestPriorityDoesNotLeadToTheNext() {
    services("10 0 80 a.test.", "20 0 80 b.test.");
    questions.fail("a.test. A");
    host("b.test.", "10.0.0.2");

    Resolved<Endpoint> found = lookUp();

    assertEquals(List.of(), found.values());
    assertEquals("a.test. A: SERVFAIL", found.failure());
  }

  @Test
  void targetThatFailsKeepsItsAddressesAndLetsOthersChange() {
    services("0 0 80 a.test.", "0 0 80 b.test.");
    host("a.test.", "10.0.0.1");
    host("b.test.", "10.0.0.2");
    assertEquals(2, endpoints().size());
    questions.fail("a.test. A");
    host("b.test.", "10.0.0.3");

    for (int i = 0; i < 3; i++) {
      Resolved<Endpoint> found = lookUp();
      assertEquals(
          List.of("10.0.0.1:80 name=a.test", "10.0.0.3:80 name=b.test"),
          found.values().stream().map(Endpoint::toString).toList());
      assertEquals("a.test. A: SERVFAIL", found.failure());
    }
  }

  @Test
  void serviceThatFailsIsRemembered() {
    services("0 0 80 a.test.");
    host("a.test.", "10.0.0.1");
    endpoints();
    questions.fail(SERVICE + " SRV");

    Resolved<Endpoint> found = lookUp();

    assertEquals(1, found.values().size());
    assertEquals(SERVICE + " SRV: SERVFAIL", found.failure());
  }

  @Test
  void whatWasTakenAwayIsNotRemembered() {
    services("0 0 80 a.test.", "0 0 80 b.test.");
    host("a.test.", "10.0.0.1");
    host("b.test.", "10.0.0.2");
    endpoints();
    services("0 0 80 a.test.");
    endpoints();
    services("0 0 80 a.test.", "0 0 80 b.test.");
    questions.fail("b.test. A");

    assertEquals(List.of("10.0.0.1:80 name=a.test"), endpoints());
  }

  @Test
  void additionalRecordsAreTakenAndMissingOnesAskedFor() {
    questions.answer(
        SERVICE + " SRV",
        new Answer.Found(
            Replies.records(SERVICE + " 60 SRV 0 0 80 a.test.", SERVICE + " 60 SRV 0 0 80 b.test."),
            Replies.records("A.test. 20 A 10.0.0.1", "other.test. 1 A 10.0.0.9"),
            60,
            null));
    host("b.test.", "10.0.0.2");

    Resolved<Endpoint> found = lookUp();

    assertEquals(2, found.values().size());
    assertEquals(20, found.ttlSeconds());
    assertEquals(List.of(SERVICE + " SRV", "b.test. A"), questions.asked());
  }

  @Test
  void serviceThatIsNotOfferedIsNone() {
    services("0 0 0 .");

    Resolved<Endpoint> found = lookUp();

    assertTrue(found.isNone());
    assertEquals(SERVICE + " SRV: the service is not offered", found.none());
  }

  @Test
  void serviceThatIsNotOfferedAndThenFailsIsAFailure() {
    services("0 0 0 .");
    lookUp();
    questions.fail(SERVICE + " SRV");

    assertEquals(SERVICE + " SRV: SERVFAIL", lookUp().failure());
  }

  @Test
  void targetsAreRememberedOverAMomentWithoutRecords() {
    services("0 0 80 a.test.", "0 0 80 b.test.");
    host("a.test.", "10.0.0.1");
    host("b.test.", "10.0.0.2");
    lookUp();
    questions.answer(SERVICE + " SRV", new Answer.None("no such name", 5));
    lookUp();
    services("0 0 80 a.test.", "0 0 80 b.test.");
    questions.fail("b.test. A");

    assertEquals(2, endpoints().size());
  }

  @Test
  void namesAreTheSameInEitherCase() {
    services("0 0 80 A.Test.");
    host("A.Test.", "10.0.0.1");

    assertEquals(List.of("10.0.0.1:80 name=a.test"), endpoints());
  }

  @Test
  void missingServiceIsNone() {
    Resolved<Endpoint> found = lookUp();

    assertTrue(found.isNone());
    assertNull(found.failure());
    assertEquals(SERVICE + " SRV: no such name", found.none());
  }
}
