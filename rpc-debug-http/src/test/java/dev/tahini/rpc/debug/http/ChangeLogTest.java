package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
  private final ChangeLog log = new ChangeLog();

  @Test
  void keepsTheLastFifty() {
    IntStream.range(0, 60).forEach(i -> log.add(change(i, "backend " + i, null)));
    assertEquals(50, log.all().size());
    assertEquals(List.of("backend 10"), log.all().get(0).addresses());
  }

  @Test
  void whatRepeatsTheOneBeforeIsCountedWithItsLastReason() {
    log.add(change(1, "a", "refused"));
    log.add(change(2, "a", "timed out"));
    assertEquals(
        List.of(new Change(Instant.ofEpochSecond(1), "lost", List.of("a"), 0, "timed out", 2)),
        log.all());
  }

  @Test
  void aLongListIsNamedByItsFirstTen() {
    Change change =
        Change.of(
            Instant.EPOCH,
            "added",
            IntStream.range(0, 1_000).mapToObj(i -> "b" + i).toList(),
            null);
    assertEquals(10, change.addresses().size());
    assertEquals(990, change.more());
  }

  private static Change change(int second, String backend, @Nullable String why) {
    return Change.of(Instant.ofEpochSecond(second), "lost", List.of(backend), why);
  }
}
