package dev.tahini.rpc.testing;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import io.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How a cluster stands, in lines for whoever reads a failed test. */
final class ClusterDescription {
  private static final int LAST_ATTEMPTS = 10;

  private final StringBuilder text = new StringBuilder();

  private ClusterDescription() {}

  static String of(RpcTestCluster cluster) {
    ClusterDescription description = new ClusterDescription();
    description.line(
        "",
        String.format(
            Locale.ROOT, "cluster %s at %s", cluster.target(), cluster.time().clock().instant()));
    description.line("  ", String.format(Locale.ROOT, "discovery: %s", cluster.discovery()));
    cluster.snapshots().forEach(description::client);
    cluster.backends().forEach(description::backend);
    return description.text.toString();
  }

  private void line(String indent, String words) {
    text.append(indent).append(words).append('\n');
  }

  private void client(ClientSnapshot client) {
    line(
        "  ",
        String.format(
            Locale.ROOT, "client of %s: %d backends", client.target(), client.backends().size()));
    for (BackendSnapshot backend : client.backends()) {
      Status error = backend.lastError();
      line(
          "    ",
          String.format(
              Locale.ROOT,
              "%s %s, in flight %d, succeeded %d, failed %s%s",
              backend.endpoint(),
              backend.state(),
              backend.inFlight(),
              backend.succeeded(),
              backend.failed(),
              error == null ? "" : ", last error: " + error.getDescription()));
    }
  }

  private void backend(TestBackend backend) {
    List<RecordedAttempt> attempts = backend.attempts();
    Map<String, Integer> ends = new TreeMap<>();
    attempts.forEach(attempt -> ends.merge(end(attempt), 1, Integer::sum));
    line(
        "  ",
        String.format(
            Locale.ROOT,
            "backend %s: received %d %s, hanging %d, connections %d",
            backend,
            attempts.size(),
            ends,
            backend.hanging(),
            backend.connections()));
    int first = Math.max(attempts.size() - LAST_ATTEMPTS, 0);
    if (first > 0) {
      line("    ", String.format(Locale.ROOT, "... %d before", first));
    }
    attempts.subList(first, attempts.size()).forEach(attempt -> line("    ", attempt.toString()));
  }

  private static String end(RecordedAttempt attempt) {
    Status status = attempt.status();
    return status == null ? "open" : status.getCode().name();
  }
}
