package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FamilyTest {
  @ParameterizedTest
  @CsvSource({", BOTH", "v4, V4", "v6, V6"})
  void familyIsRead(String text, Family family) {
    assertEquals(family, Family.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "V4", "4", "both", "v4,v6"})
  void otherFamilyIsRefused(String text) {
    assertThrows(InvalidValueException.class, () -> Family.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"V4, true, false", "V6, false, true", "BOTH, true, true"})
  void addressIsOfItsFamily(Family family, boolean hasV4, boolean hasV6)
      throws UnknownHostException {
    assertEquals(hasV4, family.has(InetAddress.getByAddress(new byte[4])));
    assertEquals(hasV6, family.has(InetAddress.getByAddress(new byte[16])));
  }

  @Test
  void eachFamilyHasItsQuestion() {
    assertEquals(1, Family.V4.types().size());
    assertEquals(1, Family.V6.types().size());
    assertEquals(2, Family.BOTH.types().size());
  }
}
