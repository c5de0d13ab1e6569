package dev.tahini.rpc.discovery.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers like a server that has these records; additional ones with SRV. Immutable. */
record ScriptedZone(List<Record> records) implements ScriptedDnsServer.Script {

  static ScriptedZone of(String... lines) {
    return new ScriptedZone(Replies.records(lines));
  }

  @Override
  public byte @Nullable [] answer(Message query, boolean overTcp) {
    Record question = query.getQuestion();
    boolean exists = records.stream().anyMatch(r -> r.getName().equals(question.getName()));
    if (!exists) {
      return Replies.rcode(query, Rcode.NXDOMAIN);
    }
    List<Record> answers =
        records.stream()
            .filter(r -> r.getName().equals(question.getName()))
            .filter(r -> r.getType() == question.getType())
            .toList();
    Message reply = Replies.answer(query, answers);
    records.stream()
        .filter(r -> answers.stream().anyMatch(a -> r.getName().equals(a.getAdditionalName())))
        .forEach(r -> reply.addRecord(r, Section.ADDITIONAL));
    return Replies.wire(reply, overTcp);
  }
}
