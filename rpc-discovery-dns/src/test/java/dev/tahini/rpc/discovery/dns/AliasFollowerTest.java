package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

class AliasFollowerTest {
  private final ScriptedQuestions server = new ScriptedQuestions();

  @Test
  void answerWithoutAliasIsItself() {
    server.records("a.test. A", "a.test. 30 A 10.0.0.1");

    assertEquals(ScriptedQuestions.found("a.test. 30 A 10.0.0.1"), ask());
    assertEquals(List.of("a.test. A"), server.asked());
  }

  @Test
  void targetOfAnAliasIsAskedFor() {
    server.answer("a.test. A", alias("b.test.", 40)).answer("b.test. A", alias("c.test.", 20));
    server.records("c.test. A", "c.test. 30 A 10.0.0.1");

    Answer.Found found = assertInstanceOf(Answer.Found.class, ask());

    assertEquals(20, found.ttlSeconds());
    assertEquals(1, found.records().size());
  }

  @Test
  void noneAtTheEndIsNoneForAsLongAsTheAlias() {
    server.answer("a.test. A", alias("b.test.", 40));
    server.answer("b.test. A", new Answer.None("none", 1_000));

    assertEquals(new Answer.None("none", 40), ask());
  }

  @Test
  void failureAtTheEndIsAFailure() {
    server
        .answer("a.test. A", alias("b.test.", 40))
        .answer("b.test. A", new Answer.Failed("SERVFAIL"));

    assertEquals(new Answer.Failed("SERVFAIL"), ask());
  }

  @Test
  void eightAliasesInARowAreFollowed() {
    chain(8);
    server.records("n8.test. A", "n8.test. 30 A 10.0.0.1");

    assertInstanceOf(Answer.Found.class, ask());
  }

  @Test
  void nineAliasesInARowAreAFailure() {
    chain(9);
    server.records("n9.test. A", "n9.test. 30 A 10.0.0.1");

    assertInstanceOf(Answer.Failed.class, ask());
  }

  @Test
  void circleOfAliasesIsAFailure() {
    server.answer("a.test. A", alias("b.test.", 40)).answer("b.test. A", alias("a.test.", 40));

    assertInstanceOf(Answer.Failed.class, ask());
  }

  private void chain(int aliases) {
    server.answer("a.test. A", alias("n1.test.", 40));
    for (int i = 1; i < aliases; i++) {
      server.answer("n" + i + ".test. A", alias("n" + (i + 1) + ".test.", 40));
    }
  }

  private static Answer.Alias alias(String target, long ttlSeconds) {
    return new Answer.Alias(Replies.name(target), ttlSeconds);
  }

  private Answer ask() {
    return new AliasFollower(server)
        .ask(Replies.name("a.test."), Type.A)
        .toCompletableFuture()
        .join();
  }
}
