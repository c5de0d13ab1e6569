package dev.tahini.rpc.discovery.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Well-formed messages and records, for tests. */
final class Replies {
  private Replies() {}

  /** Records as a zone file has them: {@code "greeter.test. 30 A 10.0.0.1"}, one a line. */
  static List<Record> records(String... lines) {
    List<Record> records = new ArrayList<>();
    for (String line : lines) {
      try (Master file = new Master(toStream(line), Name.root)) {
        records.add(Objects.requireNonNull(file.nextRecord(), line));
      } catch (IOException e) {
        throw new UncheckedIOException(line, e);
      }
    }
    return records;
  }

  private static InputStream toStream(String line) {
    return new ByteArrayInputStream(line.getBytes(UTF_8));
  }

  static Name name(String text) {
    return Name.fromConstantString(text);
  }

  static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(name(name), type, DClass.IN));
  }

  /** An answer without any records. */
  static Message reply(Message query, int rcode) {
    Message reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setRcode(rcode);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    return reply;
  }

  /** A good answer with these records. */
  static Message answer(Message query, List<Record> answers) {
    Message reply = reply(query, Rcode.NOERROR);
    answers.forEach(record -> reply.addRecord(record, Section.ANSWER));
    return reply;
  }

  static byte[] rcode(Message query, int rcode) {
    return reply(query, rcode).toWire();
  }

  /** A good answer over UDP or TCP: what is too long is cut, and says so. */
  static byte[] wire(Message reply, boolean overTcp) {
    return reply.toWire(overTcp ? Message.MAXLENGTH : 512);
  }
}
