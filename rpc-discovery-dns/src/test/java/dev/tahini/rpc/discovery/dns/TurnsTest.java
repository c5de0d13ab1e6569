package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns(2);
  private final List<CompletableFuture<String>> begun = new ArrayList<>();

  @Test
  void onlySoManyWorkAtOnce() {
    takeThree();

    assertEquals(2, begun.size());
  }

  @Test
  void nextBeginsWhenOneEnds() {
    takeThree();

    begun.get(1).complete("done");

    assertEquals(3, begun.size());
  }

  @Test
  void nextBeginsWhenOneFails() {
    takeThree();

    begun.get(0).completeExceptionally(new IllegalStateException("broken"));

    assertEquals(3, begun.size());
  }

  @Test
  void resultIsThatOfTheWork() {
    List<CompletableFuture<String>> results = takeThree();

    begun.get(0).complete("first");
    begun.get(2).completeExceptionally(new IllegalStateException("broken"));

    assertEquals("first", results.get(0).join());
    assertFalse(results.get(1).isDone());
    assertThrows(CompletionException.class, () -> results.get(2).join());
  }

  @Test
  void turnsAreFreeAgainWhenAllIsDone() {
    takeThree();
    List.copyOf(begun).forEach(work -> work.complete("done"));
    begun.get(2).complete("done");
    begun.clear();

    takeThree();

    assertEquals(2, begun.size());
  }

  @Test
  void waitingBeginInTheirOrder() {
    List<Integer> order = new ArrayList<>();
    takeThree();
    for (int i = 0; i < 5; i++) {
      int number = i;
      var unused =
          turns.take(
              () -> {
                order.add(number);
                return CompletableFuture.completedFuture("done");
              });
    }

    begun.get(0).complete("done");
    begun.get(1).complete("done");

    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  @Test
  void anyNumberThatEndAtOnceCanWait() {
    List<CompletableFuture<String>> results = new ArrayList<>();
    takeThree();
    for (int i = 0; i < 100_000; i++) {
      results.add(turns.take(() -> CompletableFuture.completedFuture("done")));
    }

    List.copyOf(begun).forEach(work -> work.complete("done"));

    assertTrue(results.stream().allMatch(CompletableFuture::isDone));
  }

  @Test
  void workThatThrowsGivesItsTurnOn() {
    takeThree();
    CompletableFuture<String> broken =
        turns.take(
            () -> {
              throw new IllegalStateException("broken");
            });
    CompletableFuture<String> next = turns.take(() -> CompletableFuture.completedFuture("done"));

    List.copyOf(begun).forEach(work -> work.complete("done"));

    assertThrows(CompletionException.class, broken::join);
    assertEquals("done", next.join());
  }

  private List<CompletableFuture<String>> takeThree() {
    List<CompletableFuture<String>> results = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      results.add(turns.take(this::begin));
    }
    return results;
  }

  private CompletableFuture<String> begin() {
    CompletableFuture<String> work = new CompletableFuture<>();
    begun.add(work);
    return work;
  }
}
