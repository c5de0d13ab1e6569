package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static io.grpc.ConnectivityState.READY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Pick;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AttemptTracerTest {
  private final TestBalancer test = new TestBalancer();
  private final TestChannel channel = test.channel;
  private final LiveBackend a = test.ready(A).get(0);

  private enum Step {
    CREATED {
      @Override
      void on(ClientStreamTracer tracer) {
        tracer.streamCreated(Attributes.EMPTY, new Metadata());
      }
    },
    HEADERS {
      @Override
      void on(ClientStreamTracer tracer) {
        tracer.outboundHeaders();
      }
    },
    CLOSED {
      @Override
      void on(ClientStreamTracer tracer) {
        tracer.streamClosed(Status.OK);
      }
    };

    abstract void on(ClientStreamTracer tracer);
  }

  @Property(tries = 300)
  void streamCountsOnceFromItsCreationToItsEnd(@ForAll @Size(max = 6) List<Step> steps) {
    assertCounts(steps, Step.CREATED, false);
  }

  @Property(tries = 300)
  void streamOfAPublicationCountsOnceFromItsHeadersToItsEnd(
      @ForAll @Size(max = 6) List<Step> steps) {
    assertCounts(steps, Step.HEADERS, true);
  }

  private static void assertCounts(List<Step> steps, Step first, boolean publishing) {
    TestBalancer fresh = new TestBalancer();
    LiveBackend backend = fresh.ready(A).get(0);
    List<ClientStreamTracer> tracers = new ArrayList<>();
    Runnable makesTracer = () -> tracers.add(fresh.tracer(CallOptions.DEFAULT));
    if (publishing) {
      fresh.channel.state.publishing(makesTracer);
    } else {
      makesTracer.run();
    }
    boolean open = false;
    boolean closed = false;
    int started = 0;
    for (Step step : steps) {
      step.on(tracers.get(0));
      if (step == first && !open && !closed) {
        open = true;
        started = 1;
      } else if (step == Step.CLOSED) {
        open = false;
        closed = true;
      }
      assertEquals(open ? 1 : 0, backend.inFlight(), steps::toString);
      assertEquals(started, backend.started(), steps::toString);
      assertEquals(closed ? started : 0, backend.succeeded(), steps::toString);
    }
  }

  @Test
  void streamMadeWhileGrpcPicksWaitingCallsAgainCountsFromItsHeaders() {
    List<ClientStreamTracer> tracers = new ArrayList<>();
    test.helper.whilePublishing = () -> tracers.add(test.tracer(CallOptions.DEFAULT));
    test.helper.subchannel("10.0.0.1:80").become(READY);

    Step.CREATED.on(tracers.get(0));
    assertEquals(0, a.inFlight());
    Step.HEADERS.on(tracers.get(0));
    assertEquals(1, a.inFlight());
  }

  /** Its call may be cancelled while it waits for them. */
  @Test
  void streamOfACallWithCredentialsCountsFromItsHeaders() {
    CallOptions options = CallOptions.DEFAULT.withCallCredentials(new NoCredentials());
    ClientStreamTracer tracer = test.tracer(options);

    Step.CREATED.on(tracer);
    assertEquals(0, a.inFlight());
    Step.HEADERS.on(tracer);
    assertEquals(1, a.inFlight());
  }

  private static final class NoCredentials extends CallCredentials {
    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
      throw new AssertionError("nobody asks");
    }
  }

  @Test
  void streamMadeByAnotherThreadDuringAPublicationCountsFromItsCreation() throws Exception {
    List<ClientStreamTracer> tracers = new ArrayList<>();
    Thread caller = new Thread(() -> tracers.add(test.tracer(CallOptions.DEFAULT)));
    channel.state.publishing(
        () -> {
          caller.start();
          join(caller);
        });

    Step.CREATED.on(tracers.get(0));

    assertEquals(1, a.inFlight());
  }

  private static void join(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void endIsCountedByItsCode() {
    run(Status.OK);
    run(Status.UNAVAILABLE);
    run(Status.UNAVAILABLE);
    run(Status.CANCELLED);

    assertEquals(4, a.started());
    assertEquals(1, a.succeeded());
    assertEquals(2, a.failed(Status.Code.UNAVAILABLE));
    assertEquals(1, a.failed(Status.Code.CANCELLED));
    assertEquals(0, a.failed(Status.Code.OK));
  }

  private void run(Status end) {
    ClientStreamTracer tracer = test.tracer(CallOptions.DEFAULT);
    Step.CREATED.on(tracer);
    tracer.streamClosed(end);
  }

  @Test
  void latencyIsFromTheStreamsStartToItsEnd() {
    ClientStreamTracer tracer = test.tracer(CallOptions.DEFAULT);
    channel.time.pass(Duration.ofMillis(3));
    Step.CREATED.on(tracer);
    channel.time.pass(Duration.ofMillis(5));
    tracer.streamClosed(Status.OK);

    assertEquals(Duration.ofMillis(5).toNanos(), a.latencyNanos());
  }

  @Test
  void backendIsNotedAsTriedWhenTheStreamIsMade() {
    Attempts attempts = new Attempts();
    ClientStreamTracer tracer =
        test.tracer(CallOptions.DEFAULT.withOption(Attempts.OPTION, attempts));
    assertFalse(attempts.tried(a));

    Step.CREATED.on(tracer);
    Step.HEADERS.on(tracer);

    assertEquals(List.of(a), attempts.backends());
    assertSame(a, attempts.backend());
  }

  /** The very first of the channel that is retried, too. */
  @Test
  void nextAttemptGoesElsewhere() {
    test.ready(A, B);
    Attempts attempts = new Attempts();
    ClientStreamTracer tracer =
        test.tracer(CallOptions.DEFAULT.withOption(Attempts.OPTION, attempts.next()));

    Step.CREATED.on(tracer);

    LiveBackend tried = (LiveBackend) attempts.backends().get(0);
    LiveBackend other = channel.backends.current().backends().get(tried == a ? 1 : 0);
    TestChannel.load(other, 100);
    test.assertGoesTo(other, test.pick(FakePickArgs.of(Pick.leastLoaded(), attempts.next())));
    test.assertGoesTo(other, test.pick(FakePickArgs.of(Pick.random(), attempts.next())));
  }

  @Test
  void pinIsFixedWhenTheStreamIsMade() {
    Pin pin = channel.state.newPin();
    ClientStreamTracer tracer = test.tracer(CallOptions.DEFAULT.withOption(Pin.OPTION, pin));
    assertNull(pin.backend());

    Step.CREATED.on(tracer);

    assertSame(a, pin.backend());
  }

  @Test
  void attemptThatWasNeverMadeIsNotCountedAtItsEnd() {
    test.tracer(CallOptions.DEFAULT).streamClosed(Status.CANCELLED);

    assertEquals(0, a.started());
    assertEquals(0, a.inFlight());
  }

  @Test
  void pickAndEndAreEventsOfOneAttempt() {
    Telling telling = new Telling();
    channel.events.listeners(List.of(telling));
    CallOptions options = CallOptions.DEFAULT.withOption(Pick.OPTION, Pick.random());
    ClientStreamTracer first = test.tracer(options);
    ClientStreamTracer second = test.tracer(options);

    Step.CREATED.on(first);
    Step.CREATED.on(second);
    channel.time.pass(Duration.ofMillis(5));
    first.streamClosed(Status.ABORTED);

    assertEquals(2, telling.picks.size());
    assertNotSame(telling.picks.get(0).attempt(), telling.picks.get(1).attempt());
    CallEvents.AttemptEnded end = telling.ends.get(0);
    assertEquals(telling.picks.get(0).attempt(), end.attempt());
    assertEquals(Pick.random(), end.pick());
    assertSame(a, end.backend());
    assertSame(Status.ABORTED, end.status());
    assertEquals(Duration.ofMillis(5).toNanos(), end.latencyNanos());
  }

  @Test
  void listenerThatThrowsDoesNotDisturbTheCount() {
    channel.events.listeners(
        List.of(
            new CallEvents() {
              @Override
              public void onPick(Picked event) {
                throw new AssertionError("broken listener");
              }
            }));

    run(Status.OK);

    assertEquals(1, a.succeeded());
  }

  @Test
  void eachAttemptHasATracerOfItsOwn() {
    PickResult result = test.pick(Pick.leastLoaded());
    StreamInfo info = StreamInfo.newBuilder().build();

    assertNotSame(
        result.getStreamTracerFactory().newClientStreamTracer(info, new Metadata()),
        result.getStreamTracerFactory().newClientStreamTracer(info, new Metadata()));
    assertTrue(result.hasResult());
  }

  private static final class Telling implements CallEvents {
    final List<Picked> picks = new ArrayList<>();
    final List<AttemptEnded> ends = new ArrayList<>();

    @Override
    public void onPick(Picked event) {
      picks.add(event);
    }

    @Override
    public void onAttemptEnd(AttemptEnded event) {
      ends.add(event);
    }
  }
}
