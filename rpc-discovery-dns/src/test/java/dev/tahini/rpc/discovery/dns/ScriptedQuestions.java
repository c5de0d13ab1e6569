package dev.tahini.rpc.discovery.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Answers at once what the test says; what it does not say is "no such name". */
final class ScriptedQuestions implements Questions {
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** A question is such as {@code "greeter.test. A"}. */
  ScriptedQuestions answer(String question, Answer answer) {
    answers.put(question, answer);
    return this;
  }

  ScriptedQuestions records(String question, String... lines) {
    return answer(question, found(lines));
  }

  static Answer.Found found(String... lines) {
    List<Record> records = Replies.records(lines);
    long ttlSeconds = records.stream().mapToLong(Record::getTTL).min().orElseThrow();
    return new Answer.Found(records, List.of(), ttlSeconds, null);
  }

  ScriptedQuestions fail(String question) {
    return answer(question, new Answer.Failed("SERVFAIL"));
  }

  /** What was asked since the last time, in order. */
  List<String> asked() {
    List<String> since = List.copyOf(asked);
    asked.clear();
    return since;
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    String question = name + " " + Type.string(type);
    asked.add(question);
    return CompletableFuture.completedFuture(
        answers.getOrDefault(question, new Answer.None("no such name", 5)));
  }
}
