package dev.tahini.rpc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DiscoveryCommandTest {

  @Test
  void withoutBindSaysWhatToInstall() {
    String missing = "named: not found (expected: bind9)";
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new DiscoveryCommand(() -> Optional.of(missing)));

    assertEquals(2, command.setErr(new PrintWriter(err, true)).execute("--quick"));
    assertTrue(err.toString().startsWith(missing), err::toString);
  }
}
