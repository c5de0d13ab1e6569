package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a user is to see of an error. */
public final class Expect {
  private static final Duration SHORT = Duration.ofMillis(150);

  private Expect() {}

  /** The code, and a part of the text. */
  public static void status(Status.Code code, String part, Status status) {
    assertEquals(code, status.getCode(), status::toString);
    String text = String.valueOf(status.getDescription());
    assertTrue(text.contains(part), () -> "<" + part + "> in <" + text + ">");
  }

  public static void unavailable(String part, Status status) {
    status(Status.Code.UNAVAILABLE, part, status);
  }

  public static void deadlineExceeded(Status status) {
    assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status::toString);
  }

  /** A call that waits as long as its deadline lets it: one that is short. */
  public static void waitsInVain(ProbeBlockingStub stub) {
    deadlineExceeded(Probes.failure(() -> stub.withDeadlineAfter(SHORT).ask(Probes.ASK)));
  }

  public static void contains(String part, @Nullable String text) {
    assertTrue(text != null && text.contains(part), () -> "<" + part + "> in <" + text + ">");
  }
}
