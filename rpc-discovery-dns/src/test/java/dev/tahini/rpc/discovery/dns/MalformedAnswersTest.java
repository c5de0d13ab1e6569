package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A server, or somebody in its place, that does not speak DNS as it should. */
class MalformedAnswersTest {
  private static final int MANY = 10_000;
  private static final int WATCHES = 20;
  private static final ScriptedZone GOOD = ScriptedZone.of("greeter.test. 0 A 10.0.0.1");
  private static final ScriptedZone OTHER = ScriptedZone.of("greeter.test. 0 A 10.0.0.2");

  private final ScriptedDnsServer server = ScriptedDnsServer.start();
  private final RandomGenerator random =
      RandomGeneratorFactory.of("SplittableRandom").create(20260101);

  /** What can be wrong with an answer. */
  private enum Flaw {
    NOTHING_AT_ALL {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        return new byte[0];
      }
    },
    RANDOM_BYTES {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(1, 600)];
        random.nextBytes(bytes);
        return bytes;
      }
    },
    RANDOM_BYTES_WITH_ITS_ID {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        byte[] bytes = new byte[random.nextInt(Header.LENGTH, 600)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putShort((short) query.getHeader().getID());
        return bytes;
      }
    },
    CUT_OFF {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        byte[] whole = good(query);
        return Arrays.copyOf(whole, random.nextInt(whole.length));
      }
    },
    ANOTHER_ID {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        byte[] whole = good(query);
        whole[0]++;
        return whole;
      }
    },
    ANOTHER_NAME {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        return question(query, "other.test.", Type.A);
      }
    },
    ANOTHER_TYPE {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        return question(query, "greeter.test.", Type.TXT);
      }
    },
    THE_QUERY_ITSELF {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        return query.toWire();
      }
    },
    NAME_THAT_POINTS_TO_ITSELF {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        byte[] header = Arrays.copyOf(Replies.reply(query, Rcode.NOERROR).toWire(), Header.LENGTH);
        return ByteBuffer.allocate(Header.LENGTH + 6)
            .put(header)
            .putShort((short) (0xC000 | Header.LENGTH))
            .putShort((short) Type.A)
            .putShort((short) DClass.IN)
            .array();
      }
    },
    TWO_ALIASES_OF_ONE_NAME {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        return Replies.answer(
                query,
                Replies.records(
                    "greeter.test. 0 CNAME a.test.",
                    "greeter.test. 0 CNAME b.test.",
                    "greeter.test. 0 CNAME greeter.test."))
            .toWire();
      }
    },
    CUT_OFF_OVER_TCP {
      @Override
      byte[] answer(Message query, RandomGenerator random) {
        Message truncated = Replies.reply(query, Rcode.NOERROR);
        truncated.getHeader().setFlag(Flags.TC);
        return truncated.toWire();
      }
    };

    abstract byte[] answer(Message query, RandomGenerator random);

    private static byte[] good(Message query) {
      return Replies.answer(query, Replies.records("greeter.test. 0 A 10.0.0.66")).toWire();
    }

    private static byte[] question(Message query, String name, int type) {
      Message reply = new Message(query.getHeader().getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.addRecord(Record.newRecord(Replies.name(name), type, DClass.IN), Section.QUESTION);
      Replies.records(name + " 0 A 10.0.0.66").forEach(r -> reply.addRecord(r, Section.ANSWER));
      return reply.toWire();
    }
  }

  @AfterEach
  void closeServer() {
    server.close();
  }

  private DnsDiscovery newDiscovery() {
    return new DnsDiscovery(
        server
            .options()
            .withRefresh(Duration.ofMillis(1), Duration.ofMillis(5))
            .withEmptyAfter(1, Duration.ZERO)
            .withTimeout(Duration.ofMillis(500), 2));
  }

  @ParameterizedTest
  @EnumSource
  void malformedAnswerLeavesTheListAsItWas(Flaw flaw) {
    server.answer(GOOD);
    try (WatchedTarget watch = WatchedTarget.watch(newDiscovery(), "dns:///greeter.test.:80")) {
      watch.awaitAddresses("10.0.0.1:80");

      server.answer((query, overTcp) -> overTcp ? new byte[3] : flaw.answer(query, random));
      watch.awaitErrors(3);

      assertEquals(1, watch.lists().size(), watch::lastError);
      server.answer(OTHER);
      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void tenThousandMalformedAnswersAreCountedAndLeakNothing() {
    server.answer(GOOD);
    DnsDiscovery discovery = newDiscovery();
    List<WatchedTarget> watches =
        IntStream.range(0, WATCHES)
            .mapToObj(i -> WatchedTarget.watch(discovery, "dns:///greeter.test.:80?family=v4"))
            .toList();
    watches.forEach(watch -> watch.awaitAddresses("10.0.0.1:80"));
    long threads = Thread.activeCount();
    long files = openFiles();
    Flaw[] flaws = Flaw.values();

    server.answer(
        (query, overTcp) ->
            overTcp ? new byte[3] : flaws[random.nextInt(flaws.length)].answer(query, random));
    WatchedTarget any = watches.get(0);
    any.await(
        () -> MANY + " malformed answers; counted are " + discovery.statistics(),
        () -> discovery.statistics().malformed() >= MANY);
    server.answer(OTHER);
    watches.forEach(watch -> watch.awaitAddresses("10.0.0.2:80"));

    watches.forEach(watch -> assertEquals(2, watch.lists().size(), watch::lastError));
    assertTrue(Thread.activeCount() <= threads, "threads were started");
    any.await(
        () -> "at most " + (files + WATCHES) + " open files; there are " + openFiles(),
        () -> openFiles() <= files + WATCHES);
    watches.forEach(WatchedTarget::close);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
