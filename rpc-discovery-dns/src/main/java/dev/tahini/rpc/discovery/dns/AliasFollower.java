package dev.tahini.rpc.discovery.dns;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/**
 * Asks on where a server knows of an alias and not of its target. (Most servers follow aliases
 * themselves.)
 */
final class AliasFollower implements Questions {
  private static final int MOST_ALIASES = 8;

  private final Questions questions;

  AliasFollower(Questions questions) {
    this.questions = questions;
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    return ask(name, type, Long.MAX_VALUE, MOST_ALIASES);
  }

  private CompletionStage<Answer> ask(Name name, int type, long ttlSeconds, int aliasesLeft) {
    return questions
        .ask(name, type)
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Alias alias)) {
                return CompletableFuture.completedFuture(limited(answer, ttlSeconds));
              }
              return aliasesLeft == 0
                  ? CompletableFuture.completedFuture(
                      new Answer.Failed("more than " + MOST_ALIASES + " aliases in a row"))
                  : ask(
                      alias.target(),
                      type,
                      Math.min(ttlSeconds, alias.ttlSeconds()),
                      aliasesLeft - 1);
            });
  }

  private static Answer limited(Answer answer, long ttlSeconds) {
    if (answer instanceof Answer.Found found) {
      long ttl = Math.min(found.ttlSeconds(), ttlSeconds);
      return new Answer.Found(found.records(), found.additional(), ttl, found.failure());
    }
    if (answer instanceof Answer.None none) {
      return new Answer.None(none.why(), Math.min(none.ttlSeconds(), ttlSeconds));
    }
    return answer;
  }
}
