package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xbill.DNS.Type;

class AnswerMemoryTest {
  private static final Answer.Found GOOD = ScriptedQuestions.found("a.test. 30 A 10.0.0.1");
  private static final Answer.Failed FAILED = new Answer.Failed("SERVFAIL");

  private final ScriptedQuestions server = new ScriptedQuestions();
  private final AnswerMemory memory = new AnswerMemory();

  @Test
  void failureBeforeAnyAnswerIsAFailure() {
    assertEquals(FAILED, askAnew(FAILED));
  }

  @Test
  void lastGoodAnswerStandsForAFailure() {
    askAnew(GOOD);

    assertEquals(GOOD.insteadOf(FAILED), askAnew(FAILED));
  }

  @Test
  void lastGoodAnswerStandsForAnyNumberOfFailures() {
    askAnew(GOOD);
    askAnew(new Answer.Failed("timeout"));

    assertEquals(GOOD.insteadOf(FAILED), askAnew(FAILED));
  }

  @Test
  void goodAnswerAfterAFailureIsFresh() {
    askAnew(GOOD);
    askAnew(FAILED);

    assertEquals(GOOD, askAnew(GOOD));
  }

  @Test
  void noneIsBelievedAndEndsTheMemory() {
    Answer none = new Answer.None("none", 3);
    askAnew(GOOD);

    assertEquals(none, askAnew(none));
    assertEquals(FAILED, askAnew(FAILED));
  }

  @Test
  void whatWasNotAskedForIsForgotten() {
    askAnew(GOOD);
    memory.beginAgain();

    assertEquals(FAILED, askAnew(FAILED));
  }

  @Test
  void otherTypeIsAnotherQuestion() {
    askAnew(GOOD);
    memory.beginAgain();
    server.answer("a.test. AAAA", new Answer.Failed("SERVFAIL"));

    assertEquals(FAILED, ask(Type.AAAA));
  }

  private Answer askAnew(Answer answer) {
    memory.beginAgain();
    server.answer("a.test. A", answer);
    return ask(Type.A);
  }

  private Answer ask(int type) {
    return memory.over(server).ask(Replies.name("a.test."), type).toCompletableFuture().join();
  }
}
