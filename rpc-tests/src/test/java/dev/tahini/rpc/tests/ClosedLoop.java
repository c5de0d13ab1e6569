package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeStub;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Keeps a number of calls in flight: each that ends is followed by the next, until it is stopped.
 * Thread-safe.
 */
public final class ClosedLoop implements AutoCloseable {
  /** Where everything fails there is no use in going on. */
  private static final int MOST_FAILURES = 10_000;

  private final ProbeStub stub;
  private final IntFunction<? extends Pick> picks;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong ended = new AtomicLong();
  private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  /** A call that failed. */
  public record Failure(String id, Pick pick, Status status) {}

  private ClosedLoop(Channel channel, IntFunction<? extends Pick> picks) {
    this.stub = ProbeGrpc.newStub(channel);
    this.picks = picks;
  }

  /**
   * Begins to call.
   *
   * @param concurrency how many calls are in flight
   * @param picks the pick of each call, by its number
   */
  public static ClosedLoop start(
      Channel channel, int concurrency, IntFunction<? extends Pick> picks) {
    ClosedLoop loop = new ClosedLoop(channel, picks);
    loop.running.set(concurrency);
    for (int i = 0; i < concurrency; i++) {
      loop.next();
    }
    return loop;
  }

  private void next() {
    if (stopping || failures.size() >= MOST_FAILURES) {
      running.decrementAndGet();
      return;
    }
    int number = made.getAndIncrement();
    Pick pick = picks.apply(number);
    AskRequest request = Probes.ask("call-" + number);
    stub.withOption(Pick.OPTION, pick).ask(request, new End(request.getId(), pick));
  }

  private final class End implements StreamObserver<AskResponse> {
    private final String id;
    private final Pick pick;

    End(String id, Pick pick) {
      this.id = id;
      this.pick = pick;
    }

    @Override
    public void onNext(AskResponse answer) {
      answers.computeIfAbsent(answer.getServer(), s -> new AtomicLong()).incrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
      failures.add(new Failure(id, pick, Status.fromThrowable(error)));
      ended.incrementAndGet();
      next();
    }

    @Override
    public void onCompleted() {
      ended.incrementAndGet();
      next();
    }
  }

  /** Waits until so many calls more have ended. */
  public void awaitMore(int calls) {
    long enough = ended.get() + calls;
    Await.until(
        () -> calls + " more calls; " + running + " run, failed are " + failures.size(),
        () -> ended.get() >= enough || failures.size() >= MOST_FAILURES);
  }

  /** How many calls have ended, well or not. */
  public long ended() {
    return ended.get();
  }

  /** How many calls a backend has answered. */
  public long answersOf(TestBackend backend) {
    return answersOf(backend.name());
  }

  /** How many calls the server of a name has answered. */
  public long answersOf(String server) {
    AtomicLong count = answers.get(server);
    return count == null ? 0 : count.get();
  }

  /** Stops, and sees that no call has failed. */
  public void stopWithoutFailure() {
    List<Failure> failed = stop();
    assertTrue(
        failed.isEmpty(),
        () -> failed.size() + " of " + ended + " calls failed, the first: " + failed.get(0));
  }

  /** Makes no more calls, waits for the end of those in flight, and tells which failed. */
  public List<Failure> stop() {
    stopping = true;
    Await.until(() -> running + " calls to end", () -> running.get() == 0);
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopping = true;
  }
}
