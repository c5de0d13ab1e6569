package dev.tahini.rpc.benchmarks.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A program: one contender's client. Answers a line such as {@code ASYNC 16 1000} (stub, calls in
 * flight, milliseconds) with what it used; ends with its input.
 */
final class CallWorker {
  private CallWorker() {}

  /**
   * Runs it.
   *
   * @param args the contender, and the servers' addresses with commas between
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (EchoStubs stubs = CallContender.valueOf(args[0]).open(List.of(args[1].split(",", -1)))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] asked = line.split(" ", -1);
        ClosedLoop loop = new ClosedLoop(Integer.parseInt(asked[1]));
        Usage used = loop.run(stubs, StubKind.valueOf(asked[0]), Integer.parseInt(asked[2]));
        System.out.println(used.line());
      }
    }
    System.exit(0); // Armeria's threads would live on
  }
}
