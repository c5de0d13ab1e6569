package dev.tahini.rpc.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path folder;

  private Path install(String name) throws IOException {
    Path program = Files.createFile(folder.resolve(name));
    assertTrue(program.toFile().setExecutable(true));
    return program;
  }

  @Test
  void missingServerIsSaidWithItsPackages() {
    assertEquals(
        Optional.of("named: not found (expected: Debian's bind9 and bind9-dnsutils)"),
        Programs.missing(List.of(folder)));
  }

  @Test
  void missingUpdateClientIsSaid() throws IOException {
    install("named");
    assertEquals(
        Optional.of("nsupdate: not found (expected: Debian's bind9 and bind9-dnsutils)"),
        Programs.missing(List.of(folder)));
  }

  @Test
  void checkerIsNotNeeded() throws IOException {
    Path named = install("named");
    Path nsupdate = install("nsupdate");
    assertEquals(Optional.empty(), Programs.missing(List.of(folder)));
    assertEquals(new Programs(named, nsupdate, Optional.empty()), Programs.in(List.of(folder)));
  }

  @Test
  void folderOfThatNameIsNoProgram() throws IOException {
    Files.createDirectory(folder.resolve("named"));
    assertTrue(Programs.missing(List.of(folder)).isPresent());
  }

  @Test
  void startWithoutProgramsSaysWhatIsMissing() {
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> Programs.in(List.of(folder)));
    assertEquals(
        "named: not found (expected: Debian's bind9 and bind9-dnsutils)", failure.getMessage());
  }
}
