package dev.tahini.rpc.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresBind
@Timeout(60)
class BindServerEndTest {
  @Test
  void closedServerLeavesNothing() {
    BindServer server = BindServer.start("test");
    StartedServer started = StartedServer.ofThisJvm();
    assertTrue(started.isRunning());
    assertTrue(Files.exists(started.folder()));
    server.close();
    assertFalse(started.isRunning());
    assertFalse(Files.exists(started.folder()));
  }

  @Test
  void pausedServerIsClosed() {
    BindServer server = BindServer.start("test");
    StartedServer started = StartedServer.ofThisJvm();
    server.pause();
    server.close();
    assertFalse(started.isRunning());
  }

  @Test
  void interruptedThreadClosesIt() {
    BindServer server = BindServer.start("test");
    StartedServer started = StartedServer.ofThisJvm();
    Thread.currentThread().interrupt();
    server.close();
    assertTrue(Thread.interrupted());
    assertFalse(started.isRunning());
    assertFalse(Files.exists(started.folder()));
  }

  @Test
  void closeIsIdempotent() {
    BindServer server = BindServer.start("test");
    server.close();
    server.close();
    assertFalse(server.isRunning());
  }

  @Test
  void closedServerDoesNotRestart() {
    BindServer server = BindServer.start("test");
    server.close();
    assertThrows(IllegalStateException.class, server::restart);
  }

  @Test
  void restartWaitsUntilItsPortIsFree() throws Exception {
    try (BindServer server = BindServer.start("test")) {
      server.kill();
      CompletableFuture<Void> restart;
      try (ServerSocket stranger = new ServerSocket()) {
        stranger.setReuseAddress(true);
        stranger.bind(server.address());
        restart = CompletableFuture.runAsync(server::restart);
        stranger.setSoTimeout(10_000);
        try (Socket question = stranger.accept()) {
          assertTrue(question.isConnected());
        }
      }
      restart.get(20, TimeUnit.SECONDS);
      assertEquals("NXDOMAIN", new Dig(server.address()).status("greeter.test.", "A"));
    }
  }

  @Test
  void serverThatDoesNotStartShowsItsLog() {
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> BindServer.start("a".repeat(64)).close());
    assertTrue(
        String.valueOf(failure.getMessage()).contains("is not a valid name"), failure.getMessage());
  }

  @Test
  void forgottenServerEndsWithItsJvm() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Forgetful.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, jvm.waitFor(), lines.toString());
    StartedServer started = new StartedServer(Long.parseLong(lines.get(0)), Path.of(lines.get(1)));
    assertFalse(started.isRunning());
    assertFalse(Files.exists(started.folder()));
  }

  /** Starts a server, says which, and ends. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] args) {
      BindServer server = BindServer.start("test");
      StartedServer started = StartedServer.ofThisJvm();
      System.out.println(started.pid());
      System.out.println(started.folder());
      System.exit(server.isRunning() ? 0 : 1);
    }
  }
}
