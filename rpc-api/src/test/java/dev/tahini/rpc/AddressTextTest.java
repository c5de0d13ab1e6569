package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through {@link Endpoint#addressText()}, as everyone reads it. */
class AddressTextTest {

  @ParameterizedTest
  @CsvSource({
    // RFC 5952, sections 4 and 2
    "2001:0db8::0001,2001:db8::1",
    "2001:db8:0:0:0:0:2:1,2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1,2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1",
    "2001:DB8::AAAA,2001:db8::aaaa",
    "0:0:0:0:0:0:0:0,::",
    "0:0:0:0:0:0:0:1,::1",
    "1:0:0:0:0:0:0:0,1::",
    "0:1:0:1:0:1:0:1,0:1:0:1:0:1:0:1",
    "0:0:1:1:1:1:0:0,::1:1:1:1:0:0",
    "1:2:3:4:5:6:0:0,1:2:3:4:5:6::",
    "fe80:0:0:0:0202:b3ff:fe1e:8329,fe80::202:b3ff:fe1e:8329",
  })
  void ipv6AddressIsWrittenAsRfc5952HasIt(String given, String canonical) throws Exception {
    assertEquals("[" + canonical + "]:443", textOf(InetAddress.getByName(given), 443));
  }

  @Test
  void ipv4AddressIsWrittenInDots() throws Exception {
    assertEquals("10.0.0.7:8080", textOf(InetAddress.getByName("10.0.0.7"), 8080));
  }

  @Test
  void ipv4MappedAddressIsTheIpv4Address() throws Exception {
    assertEquals("10.0.0.7:80", textOf(InetAddress.getByName("::ffff:10.0.0.7"), 80));
  }

  @Test
  void hostNameOfAResolvedAddressIsNotWritten() throws UnknownHostException {
    InetAddress named = InetAddress.getByAddress("greeter.prod", new byte[] {10, 0, 0, 7});

    assertEquals("10.0.0.7:80", textOf(named, 80));
  }

  @Test
  void unresolvedAddressIsWrittenByItsName() {
    assertEquals(
        "greeter.prod:80",
        Endpoint.of(InetSocketAddress.createUnresolved("greeter.prod", 80)).addressText());
  }

  @Test
  void zoneIsKept() throws UnknownHostException {
    byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();

    assertEquals("[fe80::1%7]:80", textOf(Inet6Address.getByAddress(null, linkLocal, 7), 80));
  }

  @Test
  void otherAddressIsWrittenAsItSays() {
    SocketAddress pipe = new NamedPipe("greeter");

    assertEquals("pipe(greeter)", Endpoint.of(pipe).addressText());
  }

  private static String textOf(InetAddress ip, int port) {
    return Endpoint.of(new InetSocketAddress(ip, port)).addressText();
  }

  private static final class NamedPipe extends SocketAddress {
    private final String name;

    NamedPipe(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return "pipe(" + name + ")";
    }
  }
}
