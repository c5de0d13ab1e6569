package dev.tahini.rpc.discovery.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** What is asked of the HTTP client, and when. */
class BodyPiecesTest {
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private final List<String> lines = new ArrayList<>();
  private final Asked asked = new Asked();
  private final BodyPieces body =
      BodyPieces.lines(
          100, () -> {}, line -> queue.add(() -> lines.add(new String(line, UTF_8))), queue::add);

  private static final class Asked implements Flow.Subscription {
    long requested;
    boolean isCancelled;

    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }
  }

  private void come(String text) {
    body.onNext(List.of(ByteBuffer.wrap(text.getBytes(UTF_8))));
  }

  @Test
  void noMoreIsReadThanIsHandled() {
    body.onSubscribe(asked);
    come("one\ntwo\nthr");
    assertEquals(1, asked.requested, "while lines wait");
    while (!queue.isEmpty()) {
      queue.remove().run();
    }

    assertEquals(List.of("one", "two"), lines);
    assertEquals(2, asked.requested);
  }

  @Test
  void cancelledBeforeItBeginsIsNotReadAtAll() {
    body.cancel();
    body.onSubscribe(asked);

    assertTrue(asked.isCancelled);
    assertEquals(0, asked.requested);
  }

  @Test
  void tooLongLineClosesTheConnection() {
    body.onSubscribe(asked);
    come("x".repeat(60));
    come("x".repeat(60));

    assertTrue(asked.isCancelled);
    assertTrue(body.getBody().toCompletableFuture().isCompletedExceptionally());
  }
}
