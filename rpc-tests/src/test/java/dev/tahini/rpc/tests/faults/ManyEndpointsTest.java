package dev.tahini.rpc.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten thousand endpoints of which ten serve. */
@Tag("full")
final class ManyEndpointsTest {
  private static final int GOOD = 10;
  private static final int DEAD = 9_990;

  /** The bound of connects in parallel, the good, gRPC's own tries, and what is being closed. */
  private static final long MOST_SOCKETS = 2_500;

  @Test
  void callsGoThroughWithinFiveSecondsThoughMostEndpointsRefuse() throws IOException {
    int refusing;
    try (ServerSocket gone = new ServerSocket(0)) {
      refusing = gone.getLocalPort();
    }

    Figures figures = run(refusing);

    System.out.println("of 10,000 endpoints 9,990 refuse: " + figures);
    // In CPU time, of which a machine of one free core gives a second in a second.
    assertTrue(figures.of("firstCpuMillis") < 10_000, figures::toString);
    assertTrue(figures.of("firstMillis") < 5_000, figures::toString);
    assertTrue(figures.of("mostSockets") < MOST_SOCKETS, figures::toString);
    assertTrue(figures.of("cpuPercent") < 100, figures::toString);
    assertEquals(0, figures.of("failedCalls"));
  }

  @Test
  void callsGoThroughThoughMostEndpointsAreSilent() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      Figures figures = run(silent.getLocalPort());

      System.out.println("of 10,000 endpoints 9,990 are silent: " + figures);
      assertTrue(figures.of("mostSockets") < MOST_SOCKETS, figures::toString);
      assertTrue(figures.of("cpuPercent") < 100, figures::toString);
      assertEquals(0, figures.of("failedCalls"));
    }
  }

  private static Figures run(int dead) {
    try (ChildJvm server = ProbeProcess.start("good", 0)) {
      String port = server.line();
      try (ChildJvm client =
          ChildJvm.start(
              ManyEndpoints.class,
              List.of("-Xmx512m"),
              port,
              String.valueOf(dead),
              String.valueOf(GOOD),
              String.valueOf(DEAD))) {
        return client.figures();
      }
    }
  }
}
