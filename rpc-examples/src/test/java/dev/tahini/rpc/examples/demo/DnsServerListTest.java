package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import org.junit.jupiter.api.Test;

class DnsServerListTest {

  @Test
  void aMissingBindIsAWrongOptionThatSaysWhatToInstall() {
    InvalidValueException failure =
        assertThrows(InvalidValueException.class, () -> DnsServerList.require(false));

    assertEquals(
        "--discovery: dns (expected: demo, or BIND 9 installed: Debian's bind9 and bind9-dnsutils)",
        failure.getMessage());
  }
}
