package dev.tahini.rpc.discovery.dns;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Name;

/**
 * Puts the last good answer in the place of a failure, question by question: where one of several
 * fails, what was known of it stays. Belongs to one watch, which looks up one time after the other;
 * within a time, answers come on any thread.
 */
final class AnswerMemory {
  private volatile Map<Question, Answer.Found> before = Map.of();
  private volatile Map<Question, Answer.Found> now = new ConcurrentHashMap<>();
  private volatile boolean isSettled = true;

  private record Question(Name name, int type) {}

  /** Begins a look-up. Forgets what was not asked for the last time, if that found a whole list. */
  void beginAgain() {
    Map<Question, Answer.Found> known = new ConcurrentHashMap<>(isSettled ? Map.of() : before);
    known.putAll(now);
    before = known;
    now = new ConcurrentHashMap<>();
  }

  /** Ends a look-up. */
  <T> Resolved<T> end(Resolved<T> found) {
    isSettled = found.failure() == null && !found.values().isEmpty();
    return found;
  }

  /** The same source, with this memory. */
  Questions over(Questions source) {
    return (name, type) ->
        source.ask(name, type).thenApply(answer -> remembered(new Question(name, type), answer));
  }

  private Answer remembered(Question question, Answer answer) {
    Answer.Found known = before.get(question);
    Answer best =
        answer instanceof Answer.Failed failed && known != null ? known.insteadOf(failed) : answer;
    if (best instanceof Answer.Found found) {
      now.put(question, found);
    }
    return best;
  }
}
