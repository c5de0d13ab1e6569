package dev.tahini.rpc.testing.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.testing.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabTest {

  private static String printed(String... args) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Lab(new PrintStream(bytes, true, UTF_8), new FakeTime()).run(LabArguments.parse(args));
    return bytes.toString(UTF_8);
  }

  @Test
  void helpNamesTheScenarios() throws IOException {
    String help = printed("--help");
    for (Scenario scenario : Scenario.values()) {
      assertTrue(help.contains(scenario.id()), help);
    }
  }

  @Test
  void printsTheScenariosAskedFor() throws IOException {
    String text = printed("black-hole", "--calls", "1000", "--seed", "7");
    assertTrue(text.startsWith("## Black hole\n\nBackend b00 answers"), text);
    assertEquals(1, text.lines().filter(line -> line.startsWith("## ")).count(), text);
  }

  @Test
  void printsEveryBackendIfAsked() throws IOException {
    assertTrue(printed("one-slow", "--calls", "1000", "--backends").contains("\n| b09 "));
  }

  @Test
  void anotherSeedGivesOtherNumbers() throws IOException {
    String one = printed("even-fleet", "--calls", "1000", "--seed", "1");
    assertTrue(!one.equals(printed("even-fleet", "--calls", "1000", "--seed", "2")));
  }

  @Test
  void saysHowFastItIs() throws IOException {
    assertTrue(printed("speed", "--calls", "1000").startsWith("1000 calls of 5 clients"));
  }

  @Test
  void renewsADocument(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("doc.md");
    Files.writeString(file, "a\n<!-- table: one-slow -->\nold\n<!-- end -->\nz\n");
    printed("one-slow", "--calls", "1000", "--refresh", file.toString());
    String text = Files.readString(file);
    assertTrue(text.startsWith("a\n<!-- table: one-slow -->\n\n| pick"), text);
    assertTrue(text.endsWith("|\n\n<!-- end -->\nz\n"), text);
  }
}
