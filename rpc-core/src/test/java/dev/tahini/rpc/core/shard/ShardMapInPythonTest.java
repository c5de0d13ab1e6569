package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script stands for all that was written from {@code docs/shard-map.md}, and not from here. */
class ShardMapInPythonTest {
  private static final long LONGEST_SECONDS = 300;

  @TempDir private Path directory;

  @Test
  @Tag("full") // needs Python, and half a minute
  void implementationFromThePageAgrees() throws Exception {
    Path output = directory.resolve("output");
    Process script = start(output);
    try {
      assertTrue(script.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), "the script does not end");
      String said = Files.readString(output, UTF_8).strip();
      assertEquals("ok " + StandardVector.all().size() + " lists", said);
      assertEquals(0, script.exitValue());
    } finally {
      script.destroyForcibly();
    }
  }

  private static Process start(Path output) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder("python3", resource("shard_map.py"), resource(StandardVector.FILE))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    try {
      return command.start();
    } catch (IOException missing) {
      if ("true".equals(System.getenv("CI"))) {
        throw missing;
      }
      return abort(missing.toString());
    }
  }

  private static String resource(String name) throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(ShardMapInPythonTest.class.getResource(name), name).toURI())
        .toString();
  }
}
