package dev.tahini.rpc.bind;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Changes the data of a running server by {@code nsupdate}. */
record UpdateClient(Path nsupdate, Command command, InetSocketAddress server) {
  /** Less than what the command gets, so that nsupdate says itself what it waited for. */
  private static final int TIMEOUT_SECONDS = 10;

  /** One transaction of all lines. */
  void send(List<String> lines) {
    for (String line : lines) {
      if (line.indexOf('\n') >= 0 || line.strip().equals("send")) {
        throw new IllegalArgumentException(
            "line: " + line + " (expected: one line of nsupdate, without its send)");
      }
    }
    StringBuilder input = new StringBuilder();
    String host = server.getAddress().getHostAddress();
    input.append("server ").append(host).append(' ').append(server.getPort()).append('\n');
    input.append("local ").append(host).append('\n');
    lines.forEach(line -> input.append(line).append('\n'));
    input.append("send\n");
    // Over TCP: over UDP it would be sent again where an answer is late.
    List<String> arguments =
        List.of(nsupdate.toString(), "-v", "-t", Integer.toString(TIMEOUT_SECONDS));
    Command.Outcome outcome = command.run(arguments, input.toString());
    if (outcome.exit() != 0) {
      throw new IllegalStateException(
          "update: " + shortened(lines) + ": " + outcome.output().strip());
    }
  }

  private static String shortened(List<String> lines) {
    return lines.size() <= 5
        ? String.join("; ", lines)
        : String.join("; ", lines.subList(0, 5)) + "... (" + lines.size() + " lines)";
  }
}
