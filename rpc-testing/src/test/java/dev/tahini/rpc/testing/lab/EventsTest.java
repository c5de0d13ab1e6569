package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Events events = new Events();
  private final List<String> ran = new ArrayList<>();
  private final IllegalStateException mine = new IllegalStateException("mine");

  private void fail() {
    throw mine;
  }

  private void assertAdvanceThrowsMine() {
    assertSame(mine, assertThrows(IllegalStateException.class, () -> events.advance(SECOND)));
  }

  @Test
  void whatAnEventThrowsEndsTheSimulation() {
    events.after(1, this::fail);
    events.after(2, () -> ran.add("later"));
    assertAdvanceThrowsMine();
    assertEquals(List.of(), ran);
  }

  @Test
  void whatATaskOfTheSchedulerThrowsEndsTheSimulation() {
    Future<?> unused = events.time().scheduler().schedule(this::fail, 1, TimeUnit.NANOSECONDS);
    events.after(2, () -> ran.add("later"));
    assertAdvanceThrowsMine();
    assertEquals(List.of(), ran);
  }

  @Test
  void whatAPeriodicTaskThrowsEndsTheSimulation() {
    Future<?> unused =
        events.time().scheduler().scheduleAtFixedRate(this::fail, 1, 1, TimeUnit.NANOSECONDS);
    assertAdvanceThrowsMine();
  }

  @Test
  void whatATaskOfAContextThrowsEndsTheSimulation() {
    SynchronizationContext context = events.newContext();
    events.after(1, () -> context.execute(this::fail));
    events.after(2, () -> ran.add("later"));
    assertAdvanceThrowsMine();
    assertEquals(List.of(), ran);
  }

  /** A picker asks for a connection, say, and its caller catches what comes of it. */
  @Test
  void whatATaskOfAContextThrowsIsNotLostToItsCaller() {
    SynchronizationContext context = events.newContext();
    events.after(
        1,
        () -> {
          try {
            context.execute(this::fail);
          } catch (IllegalStateException caught) {
            ran.add("caught");
          }
        });
    assertAdvanceThrowsMine();
  }

  @Test
  void eventThatIsCancelledDoesNotRun() {
    events.afterUnlessCancelled(1, () -> ran.add("cancelled")).cancel(false);
    events.advance(SECOND);
    assertEquals(List.of(), ran);
  }
}
