package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DemoCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense                              | --nonsense",
        "--duration=5                            | --target",
        "--discovery=soon                        | demo or dns",
        "--debug-port=65536                      | 0 to 65535",
        "--debug-port=soon                       | soon",
        "--discovery=dns --target=static:///h:1  | exclusive",
        "--target=static:///                     | expected",
        "--target=static:///h:0                  | h:0",
        "--target=static:///h:1 --duration=0     | 1 to 3600",
        "--target=static:///h:1 --duration=3601  | 1 to 3600",
        "--target=static:///h:1 --duration=soon  | soon",
      })
  void aWrongOptionIsTurnedDownNamingWhatIsWrong(String args, String named) {
    StringWriter err = new StringWriter();

    int exitCode =
        new CommandLine(new DemoCommand()).setErr(new PrintWriter(err)).execute(args.split(" "));

    assertEquals(2, exitCode);
    assertTrue(err.toString().lines().findFirst().orElse("").contains(named), err::toString);
  }
}
