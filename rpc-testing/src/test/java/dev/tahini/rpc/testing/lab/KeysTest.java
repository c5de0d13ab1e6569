package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void uniformKeysShareTheInterval() {
    Keys keys = Keys.uniform(4);
    assertEquals("k0", keys.at(0));
    assertEquals("k0", keys.at(0.2499));
    assertEquals("k1", keys.at(0.25));
    assertEquals("k3", keys.at(Math.nextDown(1.0)));
  }

  @Test
  void firstOfTwoZipfKeysComesTwiceAsOften() {
    Keys keys = Keys.zipf(2, 1);
    assertEquals("k0", keys.at(0.66));
    assertEquals("k1", keys.at(0.67));
  }
}
