package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {

  private static List<String> sorted(Endpoint... endpoints) {
    return Host.sorted(List.of(endpoints), Endpoint::name).stream()
        .map(host -> endpoints[host.index()].toString())
        .toList();
  }

  private static Endpoint named(String name) {
    return Endpoints.A.withName(name);
  }

  private static List<String> names(String... names) {
    return Host.sorted(List.of(names).stream().map(HostTest::named).toList(), Endpoint::name)
        .stream()
        .map(Host::identity)
        .toList();
  }

  @Test
  void hostsAreSortedByBytesNotByNumbers() {
    assertEquals(List.of("pod-1", "pod-10", "pod-2"), names("pod-2", "pod-10", "pod-1"));
  }

  /** Java's own order of strings has the surrogates of U+10000 before U+FB01. */
  @Test
  void bytesAreUnsignedAndOfUtf8() {
    assertEquals(
        List.of("z", "é", "\ufb01", "\ud800\udc00"), names("\ud800\udc00", "\ufb01", "é", "z"));
  }

  @Test
  void hostsOfOneIdentityStandInTheOrderOfTheirAddressesThenOfTheirWeights() {
    Endpoint two = Endpoints.at("10.0.0.1:2");
    Endpoint ten = Endpoints.at("10.0.0.1:10");

    assertEquals(
        List.of("10.0.0.1:10", "10.0.0.1:2", "10.0.0.1:2 weight=2"),
        sorted(two.withWeight(2), two, ten));
  }

  @Test
  void hostKnowsItsIndexInTheListAndItsWeight() {
    assertEquals(
        List.of(new Host("10.0.0.1:80", 1, 1), new Host("10.0.0.2:80", 7, 0)),
        Host.sorted(List.of(Endpoints.B.withWeight(7), Endpoints.A), Endpoint::addressText));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:80, 10.0.0.1",
    "[2001:db8::1]:443, 2001:db8::1",
    "[2001:db8:0:0::1]:443, 2001:db8::1",
    "cache-0.shop:8080, cache-0.shop"
  })
  void ipHasNeitherPortNorBrackets(String address, String ip) {
    assertEquals(ip, Host.ip(Endpoints.at(address)));
  }

  @Test
  void ipOfAnAddressThatHasNoneIsItsText() {
    assertEquals("local:1", Host.ip(Endpoint.of(new LocalAddress())));
  }

  private static final class LocalAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      return "local:1";
    }
  }

  @Test
  void weightsAreNormalizedToTheirSumEvenWhereItIsNoInt() {
    List<Host> hosts =
        List.of(new Host("a", Integer.MAX_VALUE, 0), new Host("b", Integer.MAX_VALUE, 1));

    assertEquals(List.of(0.5, 0.5), List.of(weight(hosts, 0), weight(hosts, 1)));
  }

  private static double weight(List<Host> hosts, int index) {
    return Host.normalizedWeights(hosts)[index];
  }
}
