package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/** What a message means. */
class AnswerReaderTest {
  private final Message query = Replies.query("greeter.test.", Type.A);

  private Answer read(String... answers) throws WireParseException {
    return AnswerReader.read(query, Replies.answer(query, Replies.records(answers)));
  }

  private Answer readNothing(int rcode, String... authority) throws WireParseException {
    Message reply = Replies.reply(query, rcode);
    Replies.records(authority).forEach(record -> reply.addRecord(record, Section.AUTHORITY));
    return AnswerReader.read(query, reply);
  }

  @Test
  void ttlIsTheSmallestOfTheChain() throws WireParseException {
    Answer.Found found =
        assertInstanceOf(
            Answer.Found.class,
            read(
                "greeter.test. 300 CNAME a.test.",
                "a.test. 7 CNAME b.test.",
                "b.test. 60 A 10.0.0.1",
                "b.test. 60 A 10.0.0.2"));

    assertEquals(7, found.ttlSeconds());
    assertEquals(2, found.records().size());
  }

  @Test
  void namesAreTheSameInEitherCase() throws WireParseException {
    assertInstanceOf(Answer.Found.class, read("GREETER.Test. 60 A 10.0.0.1"));
  }

  @Test
  void wholeSubtreeMayBeAnAlias() throws WireParseException {
    Message below = Replies.query("greeter.old.test.", Type.A);
    Message reply =
        Replies.answer(
            below,
            Replies.records(
                "old.test. 9 DNAME new.test.",
                "greeter.old.test. 9 CNAME greeter.new.test.",
                "greeter.new.test. 60 A 10.0.0.1"));

    assertEquals(
        9, assertInstanceOf(Answer.Found.class, AnswerReader.read(below, reply)).ttlSeconds());
  }

  @Test
  void aliasWithoutRecordsIsToBeFollowed() throws WireParseException {
    assertEquals(
        new Answer.Alias(Replies.name("b.test."), 30),
        read("greeter.test. 300 CNAME a.test.", "a.test. 30 CNAME b.test."));
  }

  @Test
  void noSuchNameIsNone() throws WireParseException {
    assertEquals(
        new Answer.None("no such name (NXDOMAIN)", 20),
        readNothing(Rcode.NXDOMAIN, "test. 60 SOA ns.test. root.test. 1 2 3 4 20"));
  }

  @Test
  void noRecordsIsNone() throws WireParseException {
    assertEquals(
        new Answer.None("no A records", 10),
        readNothing(Rcode.NOERROR, "test. 10 SOA ns.test. root.test. 1 2 3 4 20"));
    assertEquals(
        new Answer.None("no A records", Long.MAX_VALUE),
        readNothing(Rcode.NOERROR),
        "nothing is said of how long");
  }

  @Test
  void referralIsAFailure() throws WireParseException {
    assertInstanceOf(
        Answer.Failed.class, readNothing(Rcode.NOERROR, "test. 60 NS ns.elsewhere.test."));
  }

  @ParameterizedTest
  @ValueSource(ints = {Rcode.FORMERR, Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED, Rcode.NOTAUTH})
  void otherCodesAreFailures(int rcode) throws WireParseException {
    assertEquals(new Answer.Failed(Rcode.string(rcode)), readNothing(rcode));
  }

  @Test
  void answerCutOffOverTcpIsAFailure() throws WireParseException {
    Message cut = Replies.answer(query, Replies.records("greeter.test. 60 A 10.0.0.1"));
    cut.getHeader().setFlag(Flags.TC);

    assertInstanceOf(Answer.Failed.class, AnswerReader.read(query, cut));
  }

  @Test
  void aliasWithAnSoaHasNoRecords() throws WireParseException {
    Message reply = Replies.answer(query, Replies.records("greeter.test. 60 CNAME a.test."));
    Replies.records("test. 10 SOA ns.test. root.test. 1 2 3 4 20")
        .forEach(record -> reply.addRecord(record, Section.AUTHORITY));

    assertEquals(new Answer.None("no A records", 10), AnswerReader.read(query, reply));
  }

  @Test
  void queryIsNoAnswer() {
    assertThrows(WireParseException.class, () -> AnswerReader.read(query, query));
  }

  @Test
  void recordsOfAnotherNameAreNoAnswer() {
    assertThrows(WireParseException.class, () -> read("other.test. 60 A 10.0.0.1"));
  }

  @Test
  void aliasesInACircleAreNoAnswer() {
    assertThrows(
        WireParseException.class,
        () -> read("greeter.test. 60 CNAME a.test.", "a.test. 60 CNAME greeter.test."));
  }

  @Test
  void aliasWithTwoTargetsIsNoAnswer() {
    assertThrows(
        WireParseException.class,
        () ->
            read(
                "greeter.test. 60 CNAME a.test.",
                "greeter.test. 60 CNAME b.test.",
                "a.test. 60 A 10.0.0.1"));
  }
}
