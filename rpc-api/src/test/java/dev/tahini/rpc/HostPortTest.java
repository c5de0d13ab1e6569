package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "greeter.prod:8080,greeter.prod,8080",
    "10.0.0.1:1,10.0.0.1,1",
    "[::1]:65535,::1,65535",
    "[fe80::1%eth0]:80,fe80::1%eth0,80",
    "[::ffff:10.0.0.1]:80,::ffff:10.0.0.1,80",
    "_grpc._tcp.greeter:grpc,_grpc._tcp.greeter,grpc",
    "h:1a,h,1a",
    "h:0x,h,0x",
  })
  void hostAndPortAreRead(String text, String host, String port) {
    assertEquals(new HostPort(host, port), HostPort.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"greeter.prod,greeter.prod", "[::1],::1", "10.0.0.1,10.0.0.1"})
  void portMayBeAbsent(String text, String host) {
    HostPort read = HostPort.parse(text);

    assertEquals(host, read.host());
    assertNull(read.port());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0", "00", "080", "65536", "99999", "100000", "-1", "+80", "8 0", "-", "a-", "-a", "a_b",
        "a.b", "٣", "a/b", ""
      })
  void badPortIsRefusedByNamingIt(String port) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new HostPort("h", port));

    assertEquals(
        new InvalidValueException("port", port, "a number from 1 to 65535, or a port's name")
            .getMessage(),
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "80", "65535"})
  void numericPortIsANumber(String port) {
    HostPort read = new HostPort("h", port);

    assertTrue(read.hasNumericPort());
    assertEquals(Integer.parseInt(port), read.portNumber());
  }

  @Test
  void nameOfAPortIsNoNumber() {
    HostPort named = new HostPort("h", "grpc");

    assertFalse(named.hasNumericPort());
    InvalidValueException e = assertThrows(InvalidValueException.class, named::portNumber);
    assertEquals("port: grpc (expected: a number from 1 to 65535)", e.getMessage());
  }

  @Test
  void absentPortIsNoNumber() {
    HostPort absent = new HostPort("h", null);

    assertFalse(absent.hasNumericPort());
    InvalidValueException e = assertThrows(InvalidValueException.class, absent::portNumber);
    assertEquals("port: null (expected: a number from 1 to 65535)", e.getMessage());
  }

  @Test
  void longestPortNameHas63Characters() {
    assertEquals("a".repeat(63), new HostPort("h", "a".repeat(63)).port());
    assertThrows(InvalidValueException.class, () -> new HostPort("h", "a".repeat(64)));
  }

  @Test
  void longestHostNameHas253Characters() {
    assertEquals("a".repeat(253), new HostPort("a".repeat(253), null).host());
    assertThrows(InvalidValueException.class, () -> new HostPort("a".repeat(254), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-h",
        ".h",
        "a b",
        "a/b",
        "h%eth0",
        "ä",
        ":::",
        "1:2:3",
        "::1%",
        "::1%a%b",
        "::1%a:b",
        "12345::",
        "::g",
        "::1/64",
        "1:2:3:4:5:6:7:8:9",
        "::10.0.0.256"
      })
  void badHostIsRefusedByNamingIt(String host) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new HostPort(host, "80"));

    assertEquals(
        new InvalidValueException("host", host, "a host name or an IP address").getMessage(),
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[::1", "[::1]80", "[::1]:", "h:", "[h]:80", "[10.0.0.1]", "[", "[]"})
  void badFormIsRefusedByNamingTheWhole(String text) {
    InvalidValueException e = assertThrows(InvalidValueException.class, () -> HostPort.parse(text));

    assertEquals(
        "address: " + text + " (expected: host, host:port or [ipv6]:port, port a number or a name)",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"h", "h:80", "h:grpc", "[::1]", "[::1]:80", "[2001:DB8:0::1]:80", "[fe80::1%3]:1"})
  void whatIsReadIsWrittenAlike(String text) {
    assertEquals(text, HostPort.parse(text).toString());
  }
}
