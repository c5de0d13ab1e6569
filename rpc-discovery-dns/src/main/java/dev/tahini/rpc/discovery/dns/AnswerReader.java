package dev.tahini.rpc.discovery.dns;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * Tells what a server's message means (RFC 1034, 2181, 2308): above all, whether "nothing" is an
 * answer or the want of one.
 */
final class AnswerReader {
  private AnswerReader() {}

  /**
   * Reads the answer to a query.
   *
   * @throws WireParseException if the message answers no query, or its aliases make no sense
   */
  static Answer read(Message query, Message response) throws WireParseException {
    if (!response.getHeader().getFlag(Flags.QR)) {
      throw new WireParseException("it is a query, not an answer");
    }
    if (response.getHeader().getOpcode() != Opcode.QUERY) {
      throw new WireParseException("it answers no query");
    }
    if (response.getHeader().getFlag(Flags.TC)) {
      return new Answer.Failed("an answer that is too long even for TCP");
    }
    int rcode = response.getRcode();
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
      return new Answer.Failed(Rcode.string(rcode));
    }
    requireOneTargetForEachAlias(response.getSection(Section.ANSWER));
    Message normal = response.normalize(query);
    if (normal == null) {
      throw new WireParseException("its aliases lead nowhere");
    }
    List<Record> answers = normal.getSection(Section.ANSWER);
    if (answers.isEmpty() && !response.getSection(Section.ANSWER).isEmpty()) {
      throw new WireParseException("its records are no answers to the question");
    }
    return read(query.getQuestion(), answers, response);
  }

  /** RFC 2181, section 10.1. */
  private static void requireOneTargetForEachAlias(List<Record> answers) throws WireParseException {
    Set<Name> aliases = new HashSet<>();
    for (Record record : answers) {
      if (record.getType() == Type.CNAME && !aliases.add(record.getName())) {
        throw new WireParseException("an alias with several targets: " + record.getName());
      }
    }
  }

  /** Reads the answers: the chain of aliases first, then the records at its end. */
  private static Answer read(Record question, List<Record> answers, Message response)
      throws WireParseException {
    long ttl = Long.MAX_VALUE;
    Name name = question.getName();
    List<Record> records = new ArrayList<>();
    for (Record record : answers) {
      ttl = Math.min(ttl, record.getTTL());
      if (record.getType() == question.getType()) {
        records.add(record);
      } else if (record instanceof CNAMERecord alias) {
        name = alias.getTarget();
      }
    }
    if (!records.isEmpty()) {
      return new Answer.Found(records, response.getSection(Section.ADDITIONAL), ttl, null);
    }
    if (response.getRcode() == Rcode.NXDOMAIN) {
      return new Answer.None("no such name (NXDOMAIN)", Math.min(ttl, negativeTtl(response)));
    }
    if (!answers.isEmpty()) {
      if (name.equals(question.getName())) {
        throw new WireParseException("its aliases run in a circle");
      }
      return hasSoa(response)
          ? none(question, Math.min(ttl, negativeTtl(response)))
          : new Answer.Alias(name, ttl);
    }
    return isReferral(response)
        ? new Answer.Failed("a referral to other servers, for it does not ask them itself")
        : none(question, negativeTtl(response));
  }

  private static Answer none(Record question, long ttlSeconds) {
    return new Answer.None("no %s records".formatted(Type.string(question.getType())), ttlSeconds);
  }

  /** RFC 2308, section 2.2: with it, no records are an answer. */
  private static boolean hasSoa(Message response) {
    return response.getSection(Section.AUTHORITY).stream()
        .anyMatch(record -> record.getType() == Type.SOA);
  }

  /** RFC 2308, section 5; without a word on it there is no limit. */
  private static long negativeTtl(Message response) {
    return response.getSection(Section.AUTHORITY).stream()
        .filter(SOARecord.class::isInstance)
        .map(SOARecord.class::cast)
        .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** RFC 2308, section 2.2: servers' names and no SOA, where there is no answer. */
  private static boolean isReferral(Message response) {
    List<Record> authority = response.getSection(Section.AUTHORITY);
    return authority.stream().anyMatch(record -> record.getType() == Type.NS) && !hasSoa(response);
  }
}
