package dev.tahini.rpc.bind;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server by {@code dig}, once. */
record Dig(InetSocketAddress server) {
  private static final Pattern STATUS = Pattern.compile("status: ([A-Z]+)");

  /** The values of an answer. */
  List<String> values(String... question) {
    return run("+short", question).lines().toList();
  }

  /** The code of an answer, or "none" if there is no answer within a second. */
  String status(String... question) {
    Matcher status = STATUS.matcher(run("+comments", question));
    return status.find() ? status.group(1) : "none";
  }

  /** The lines of an additional section, spaces made one. */
  List<String> additional(String... question) {
    return run("+noall +additional", question)
        .lines()
        .map(line -> line.replaceAll("\\s+", " "))
        .toList();
  }

  private String run(String options, String... question) {
    List<String> command = new ArrayList<>(List.of("dig", "-r", "@127.0.0.1"));
    command.addAll(List.of("-p", Integer.toString(server.getPort()), "+tries=1", "+time=1"));
    command.addAll(List.of(question));
    command.addAll(List.of(options.split(" ")));
    try {
      Process dig = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(dig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("dig: " + e, e);
    }
  }
}
