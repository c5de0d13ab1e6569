package dev.tahini.rpc.tests.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand clients that were opened, used and closed in one process. */
@Tag("full")
final class OpenedAndClosedTest {
  private static final long KIB = 1 << 10;
  private static final List<String> LEFT =
      List.of(
          "threads",
          "sockets",
          "tasks",
          "channels",
          "subchannels",
          "transports",
          "clients",
          "backends",
          "watches");

  @Test
  void thousandClientsLeaveNoThreadSocketTaskOrHeap() {
    Figures figures = run();

    System.out.println("left of 1,000 clients: " + figures);
    assertTrue(figures.of("heapBytesPerClient") < KIB, figures::toString);
    for (String what : LEFT) {
      assertTrue(figures.of(what) <= 0, () -> what + " are left: " + figures);
    }
  }

  private static Figures run() {
    try (ChildJvm server = ProbeProcess.start("s", 0)) {
      String port = server.line();
      try (ChildJvm clients =
          ChildJvm.start(OpenedAndClosed.class, List.of("-Xmx256m"), port, "1000")) {
        return clients.figures();
      }
    }
  }
}
