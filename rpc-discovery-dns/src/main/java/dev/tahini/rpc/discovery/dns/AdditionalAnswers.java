package dev.tahini.rpc.discovery.dns;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/**
 * Answers from what a server sent along, and asks where it sent nothing. Records of one name and
 * type come all together or not at all (RFC 2181, section 9).
 */
final class AdditionalAnswers implements Questions {
  private final Map<Name, List<Record>> additional;
  private final Questions questions;

  AdditionalAnswers(List<Record> additional, Questions questions) {
    this.additional = additional.stream().collect(Collectors.groupingBy(Record::getName));
    this.questions = questions;
  }

  @Override
  public CompletionStage<Answer> ask(Name name, int type) {
    List<Record> known =
        additional.getOrDefault(name, List.of()).stream()
            .filter(record -> record.getType() == type)
            .toList();
    if (known.isEmpty()) {
      return questions.ask(name, type);
    }
    long ttlSeconds = known.stream().mapToLong(Record::getTTL).min().orElseThrow();
    return CompletableFuture.completedFuture(new Answer.Found(known, List.of(), ttlSeconds, null));
  }
}
