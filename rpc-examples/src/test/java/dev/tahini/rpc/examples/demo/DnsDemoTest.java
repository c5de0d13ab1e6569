package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.bind.RequiresBind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, as the user runs it, with the list of servers in DNS. */
@Timeout(120)
@RequiresBind
class DnsDemoTest {
  @TempDir Path temporary;

  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    Process demo = start();

    List<String> said = said(demo).toList();

    assertEquals(0, demo.waitFor(), () -> String.join("\n", said));
    assertTrue(said.stream().anyMatch(line -> line.contains("dns:///")), said::toString);
    assertLeftNothing();
  }

  @Test
  void nothingIsLeftByASignal() throws Exception {
    Process demo = start();
    List<ProcessHandle> children;
    try (Stream<String> lines = said(demo)) {
      assertTrue(lines.anyMatch(line -> line.startsWith("Steady")));
      children = demo.descendants().toList();
      demo.destroy();
      demo.waitFor();
    }

    assertEquals(5, children.size(), "servers and BIND");
    assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
    assertLeftNothing();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.tahini.rpc.examples.Demo",
            "--discovery=dns",
            "--plain")
        .redirectErrorStream(true)
        .start();
  }

  private static Stream<String> said(Process demo) {
    return new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))
        .lines();
  }

  private void assertLeftNothing() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(List.of(), files.map(Path::getFileName).map(Path::toString).toList());
    }
  }
}
