package dev.tahini.rpc.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client of a thousand backends in a process of 64 MB. */
@Tag("full")
final class SmallHeapTest {
  private static final long KIB = 1 << 10;

  @Test
  void thousandBackendsAreServedFromAFullHeapAndTakeLittleMoreThanGrpc() {
    Figures tahini;
    Figures grpc;
    try (ChildJvm server = ProbeProcess.start("s", 0)) {
      String port = server.line();
      tahini = run("tahini", port);
      grpc = run("round_robin", port);
    }

    System.out.println("1,000 backends in 64 MB: tahini " + tahini + ", round_robin " + grpc);
    assertEquals(0, tahini.of("failed"));
    assertEquals(0, tahini.of("failedUnderPressure"));
    long beyond = tahini.of("heapBytesPerBackend") - grpc.of("heapBytesPerBackend");
    assertTrue(beyond <= 16 * KIB, () -> beyond + " bytes beyond gRPC's own");
  }

  private static Figures run(String policy, String port) {
    List<String> small = List.of("-Xmx64m", "-XX:+UseSerialGC");
    try (ChildJvm child = ChildJvm.start(SmallHeap.class, small, policy, port, "1000")) {
      return child.figures();
    }
  }
}
