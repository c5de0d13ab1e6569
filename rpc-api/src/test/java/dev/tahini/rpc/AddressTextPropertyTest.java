package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class AddressTextPropertyTest {

  @Property(tries = 1000)
  void ipv6TextFollowsTheRules(@ForAll("groups") List<Integer> groups) throws Exception {
    InetAddress ip = InetAddress.getByAddress(bytes(groups));
    Assume.that(ip instanceof Inet6Address);

    assertEquals("[" + byTheRules(groups) + "]:80", textOf(ip));
  }

  @Property(tries = 1000)
  void textIsReadAsTheSameAddress(@ForAll("groups") List<Integer> groups) throws Exception {
    InetAddress ip = InetAddress.getByAddress(bytes(groups));

    HostPort text = HostPort.parse(textOf(ip));

    assertEquals(ip, InetAddress.getByName(text.host()));
    assertEquals("80", text.port());
  }

  @Property(tries = 500)
  void anyWayToWriteAnAddressPicksTheSame(@ForAll("groups") List<Integer> groups) throws Exception {
    InetAddress ip = InetAddress.getByAddress(bytes(groups));
    String written = "[" + joined(groups, 0, 8, "%04X") + "]:80";

    assertEquals(textOf(ip), new Pick.Address(written).address());
  }

  @Property(tries = 200)
  void canonicalTextStaysAsItIs(@ForAll("groups") List<Integer> groups) throws Exception {
    String text = textOf(InetAddress.getByAddress(bytes(groups)));

    assertEquals(text, new Pick.Address(text).address());
  }

  @Provide
  Arbitrary<List<Integer>> groups() {
    Arbitrary<Integer> group =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)),
            Tuple.of(1, Arbitraries.of(1, 0x10, 0xffff)),
            Tuple.of(2, Arbitraries.integers().between(0, 0xffff)));
    return group.list().ofSize(8);
  }

  /**
   * RFC 5952, section 4: the longest run of two or more zero groups, the first of equals, is ::.
   */
  private static String byTheRules(List<Integer> groups) {
    for (int length = 8; length >= 2; length--) {
      for (int start = 0; start + length <= 8; start++) {
        if (groups.subList(start, start + length).stream().allMatch(group -> group == 0)) {
          return joined(groups, 0, start, "%x") + "::" + joined(groups, start + length, 8, "%x");
        }
      }
    }
    return joined(groups, 0, 8, "%x");
  }

  private static String joined(List<Integer> groups, int from, int to, String format) {
    List<String> texts = new ArrayList<>();
    groups.subList(from, to).forEach(group -> texts.add(String.format(format, group)));
    return String.join(":", texts);
  }

  private static byte[] bytes(List<Integer> groups) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    groups.forEach(group -> bytes.putShort((short) (int) group));
    return bytes.array();
  }

  private static String textOf(InetAddress ip) throws UnknownHostException {
    return Endpoint.of(new InetSocketAddress(ip, 80)).addressText();
  }
}
