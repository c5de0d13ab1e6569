package dev.tahini.rpc.bind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresBind
@Timeout(60)
class BindServerTest {
  private BindServer server;
  private Dig dig;

  @BeforeEach
  void start() {
    server = BindServer.startWithBroken(List.of("test", "prod.test"), List.of("broken.test"));
    dig = new Dig(server.address());
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void addedRecordIsAnswered() {
    server.update("add greeter.test. 1 A 127.0.0.1", "add greeter.test. 1 A 127.0.0.2");
    assertEquals(Set.of("127.0.0.1", "127.0.0.2"), Set.copyOf(dig.values("greeter.test.", "A")));
  }

  @Test
  void zoneBelowAnotherIsChanged() {
    server.update("add greeter.prod.test. 1 A 127.0.0.1");
    assertEquals(List.of("127.0.0.1"), dig.values("greeter.prod.test.", "A"));
  }

  @Test
  void addressesComeWithServices() {
    server.update(
        "add a.test. 1 A 127.0.0.1", "add _grpc._tcp.greeter.test. 1 SRV 0 10 8080 a.test.");
    assertEquals(List.of("0 10 8080 a.test."), dig.values("_grpc._tcp.greeter.test.", "SRV"));
    assertEquals(
        List.of("a.test. 1 IN A 127.0.0.1"), dig.additional("_grpc._tcp.greeter.test.", "SRV"));
  }

  @Test
  void unknownNameDoesNotExist() {
    assertEquals("NXDOMAIN", dig.status("greeter.test.", "A"));
  }

  @Test
  void nameInNoZoneIsRefused() {
    assertEquals("REFUSED", dig.status("greeter.example.", "A"));
  }

  @Test
  void nameInBrokenZoneIsServerFailure() {
    assertEquals("SERVFAIL", dig.status("greeter.broken.test.", "A"));
  }

  @Test
  void manyRecordsAreAnsweredOverTcp() {
    Set<String> many =
        IntStream.range(0, 300)
            .mapToObj(i -> "127.0." + i / 250 + "." + (1 + i % 250))
            .collect(Collectors.toSet());
    server.replace("greeter.test.", "A", 1, List.copyOf(many));
    assertEquals(many, Set.copyOf(dig.values("+tcp", "greeter.test.", "A")));
  }

  @Test
  void replacedRecordsAreGone() {
    server.replace("greeter.test", "A", 1, List.of("127.0.0.1"));
    server.replace("greeter.test", "A", 1, List.of("127.0.0.2"));
    assertEquals(List.of("127.0.0.2"), dig.values("greeter.test.", "A"));
  }

  @Test
  void recordsReplacedByNoneLeaveTheOtherTypes() {
    server.update("add greeter.test. 1 A 127.0.0.1", "add greeter.test. 1 TXT here");
    server.replace("greeter.test.", "A", 1, List.of());
    assertEquals(List.of(), dig.values("greeter.test.", "A"));
    assertEquals(List.of("\"here\""), dig.values("greeter.test.", "TXT"));
  }

  @Test
  void deletedNameDoesNotExist() {
    server.update("add greeter.test. 1 A 127.0.0.1", "add greeter.test. 1 TXT here");
    server.delete("greeter.test.");
    assertEquals("NXDOMAIN", dig.status("greeter.test.", "A"));
  }

  @Test
  void updateThatCannotBeReadChangesNothing() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () -> server.update("add a.test. 1 A 127.0.0.1", "add b.test. 1 A nonsense"));
    assertTrue(String.valueOf(failure.getMessage()).contains("nonsense"), failure.getMessage());
    assertEquals("NXDOMAIN", dig.status("a.test.", "A"));
  }

  @Test
  void updateOutsideItsZoneSaysWhatTheServerSaid() {
    IllegalStateException failure =
        assertThrows(
            IllegalStateException.class,
            () -> server.update("add a.test. 1 A 127.0.0.1", "add a.example. 1 A 127.0.0.1"));
    assertTrue(String.valueOf(failure.getMessage()).contains("NOTZONE"), failure.getMessage());
  }

  @Test
  void secondTransactionInOneUpdateIsNotTaken() {
    assertThrows(IllegalArgumentException.class, () -> server.update("send"));
  }

  @Test
  void killedServerIsGone() {
    server.kill();
    assertFalse(server.isRunning());
    assertEquals("none", dig.status("greeter.test.", "A"));
  }

  @Test
  void restartKeepsDataAndPort() {
    server.update("add greeter.test. 1 A 127.0.0.1");
    InetSocketAddress before = server.address();
    server.kill();
    server.restart();
    assertTrue(server.isRunning());
    assertEquals(before, server.address());
    assertEquals(List.of("127.0.0.1"), dig.values("greeter.test.", "A"));
  }

  @Test
  void dataChangesAfterRestart() {
    server.restart();
    server.update("add greeter.test. 1 A 127.0.0.1");
    assertEquals(List.of("127.0.0.1"), dig.values("greeter.test.", "A"));
  }

  @Test
  void pausedServerIsSilentUntilItIsResumed() {
    server.update("add greeter.test. 1 A 127.0.0.1");
    server.pause();
    assertEquals("none", dig.status("greeter.test.", "A"));
    assertTrue(server.isRunning());
    server.resume();
    assertEquals(List.of("127.0.0.1"), dig.values("greeter.test.", "A"));
  }

  @Test
  void killedServerCannotBePaused() {
    server.kill();
    assertThrows(IllegalStateException.class, server::pause);
  }

  @Test
  void twoServersKnowDifferentThings() {
    try (BindServer other = BindServer.start("test")) {
      other.update("add greeter.test. 1 A 127.0.0.1");
      assertEquals("NXDOMAIN", dig.status("greeter.test.", "A"));
    }
  }
}
