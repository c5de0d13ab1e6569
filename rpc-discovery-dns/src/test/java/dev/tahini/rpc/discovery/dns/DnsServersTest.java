package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Which server is asked, and for which name. */
class DnsServersTest {
  private static final Name NAME = Replies.name("greeter.test.");
  private static final String QUESTION = "greeter.test. A";

  private final ScriptedQuestions first = new ScriptedQuestions();
  private final ScriptedQuestions second = new ScriptedQuestions();
  private final DnsServers servers = new DnsServers(List.of(first, second), 2);

  private static Answer ask(Questions questions) {
    return questions.ask(NAME, Type.A).toCompletableFuture().join();
  }

  @Test
  void nextServerIsAskedWhereOneFails() {
    first.fail(QUESTION);
    second.records(QUESTION, "greeter.test. 60 A 10.0.0.1");

    assertInstanceOf(Answer.Found.class, ask(servers));
    assertEquals(1, first.asked().size());
  }

  @Test
  void serverThatAnsweredIsAskedFirstFromThenOn() {
    first.fail(QUESTION);
    second.records(QUESTION, "greeter.test. 60 A 10.0.0.1");
    ask(servers);
    first.asked();
    ask(servers);

    assertEquals(List.of(), first.asked());
    second.fail(QUESTION);
    first.records(QUESTION, "greeter.test. 60 A 10.0.0.1");
    assertInstanceOf(Answer.Found.class, ask(servers), "the first one is back");
  }

  @Test
  void noneIsAnAnswer() {
    assertInstanceOf(Answer.None.class, ask(servers));
    assertEquals(List.of(), second.asked());
  }

  @Test
  void eachIsAskedSoManyTimesAndEachReasonIsNamedOnce() {
    first.fail(QUESTION);
    second.answer(QUESTION, new Answer.Failed("no answer"));

    assertEquals(new Answer.Failed("SERVFAIL; no answer"), ask(servers));
    assertEquals(2, first.asked().size());
    assertEquals(2, second.asked().size());
  }

  @Test
  void otherServersAreAskedWhenTheConfigurationChanges() {
    List<InetSocketAddress> addresses =
        new CopyOnWriteArrayList<>(List.of(ServerAddress.parse("10.0.0.1")));
    ConfiguredServers configured =
        new ConfiguredServers(
            () -> List.copyOf(addresses),
            each ->
                (name, type) ->
                    CompletableFuture.completedFuture(new Answer.Failed(each.toString())));
    assertEquals(new Answer.Failed("[/10.0.0.1:53]"), ask(configured));
    addresses.set(0, ServerAddress.parse("10.0.0.2:5353"));

    assertEquals(new Answer.Failed("[/10.0.0.2:5353]"), ask(configured));
  }
}
