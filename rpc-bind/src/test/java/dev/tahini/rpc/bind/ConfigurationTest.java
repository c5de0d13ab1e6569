package dev.tahini.rpc.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static final Configuration CONFIGURATION =
      new Configuration("token", List.of("test"), List.of("broken.test"));

  @Test
  void everyZoneIsDeclared() {
    String text = CONFIGURATION.namedConf(Path.of("/folder"), 1053, List.of());
    assertTrue(text.contains("zone \"test\""), text);
    assertTrue(text.contains("zone \"broken.test\""), text);
  }

  @Test
  void settingsThatAreNotKnownAreLeftOut() {
    String setting = Configuration.OPTIONAL.get(0);
    assertFalse(CONFIGURATION.namedConf(Path.of("/folder"), 1053, List.of()).contains(setting));
    assertTrue(
        CONFIGURATION.namedConf(Path.of("/folder"), 1053, List.of(setting)).contains(setting));
  }

  @Test
  void nameThatIsNoZoneIsSaid() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Configuration("token", List.of("test\";"), List.of()));
    assertEquals(
        "zone: test\"; (expected: labels with dots between them, such as prod.test)",
        failure.getMessage());
  }

  @Test
  void zoneThatIsWholeAndBrokenIsNotTaken() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Configuration("token", List.of("test"), List.of("test")));
  }

  @Test
  void noZoneIsNotTaken() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Configuration("token", List.of(), List.of("broken.test")));
  }
}
