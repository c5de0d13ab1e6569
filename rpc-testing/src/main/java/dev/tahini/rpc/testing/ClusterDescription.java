package dev.tahini.rpc.testing;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import io.grpc.Status;
import java.util.List;
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
        "", "cluster %s at %s".formatted(cluster.target(), cluster.time().clock().instant()));
    description.line("  ", "discovery: %s".formatted(cluster.discovery()));
    cluster.snapshots().forEach(description::client);
    cluster.backends().forEach(description::backend);
    return description.text.toString();
  }

  private void line(String indent, String words) {
    text.append(indent).append(words).append('\n');
  }

  private void client(ClientSnapshot client) {
    line("  ", "client of %s: %d backends".formatted(client.target(), client.backends().size()));
    for (BackendSnapshot backend : client.backends()) {
      Status error = backend.lastError();
      line(
          "    ",
          "%s %s, in flight %d, succeeded %d, failed %s%s"
              .formatted(
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
        "backend %s: received %d %s, hanging %d, connections %d"
            .formatted(backend, attempts.size(), ends, backend.hanging(), backend.connections()));
    int first = Math.max(attempts.size() - LAST_ATTEMPTS, 0);
    if (first > 0) {
      line("    ", "... %d before".formatted(first));
    }
    attempts.subList(first, attempts.size()).forEach(this::attempt);
  }

  private void attempt(RecordedAttempt attempt) {
    line(
        "    ",
        "#%d %s%s%s: %s"
            .formatted(
                attempt.number(),
                attempt.method(),
                attempt.call() == null ? "" : ", call " + attempt.call() + "." + attempt.attempt(),
                attempt.key() == null ? "" : ", " + attempt.pick() + " " + attempt.key(),
                end(attempt)));
  }

  private static String end(RecordedAttempt attempt) {
    Status status = attempt.status();
    return status == null ? "open" : status.getCode().name();
  }
}
