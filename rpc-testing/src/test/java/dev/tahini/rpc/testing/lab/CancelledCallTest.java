package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with one slot and a queue for two: one call is in service, the others wait. */
class CancelledCallTest {
  private static final Duration DELAY = Duration.ofMillis(1);
  private static final Duration SERVICE = Duration.ofMillis(100);

  private final Events events = new Events();
  private final ModelServer server =
      new ModelServer(
          ServerSpec.of("b")
              .withConcurrency(1)
              .withQueueLimit(2)
              .withServiceTime(ServiceTime.constant(SERVICE)),
          events);
  private final SimulatedTransport transport =
      new SimulatedTransport(new Network(events, DELAY.toNanos()), server, new Deaf());
  private final List<Status.Code> ended = new ArrayList<>();

  private static final class Deaf implements SimulatedTransport.Listener {
    @Override
    public void ready() {}

    @Override
    public void lost(Status why) {}
  }

  @BeforeEach
  void connect() {
    transport.connect();
    events.advance(DELAY.multipliedBy(2));
    server.meter().begin(events.nanos());
  }

  private SimulatedStream sendACall() {
    SimulatedStream stream =
        SimulatedStream.open(
            transport,
            null,
            CallOptions.DEFAULT,
            new Metadata(),
            (status, trailers) -> ended.add(status.getCode()));
    stream.send(new CallRequest(new ClientSpec("c", ""), 1, 0.5));
    events.advance(DELAY);
    return stream;
  }

  private void cancel(SimulatedStream stream) {
    stream.cancel(Status.CANCELLED);
    events.advance(DELAY);
  }

  @Test
  void givesItsPlaceInTheQueueToTheNext() {
    sendACall();
    sendACall();
    cancel(sendACall());
    sendACall();
    events.advance(SERVICE.multipliedBy(4));
    assertEquals(
        List.of(Status.Code.CANCELLED, Status.Code.OK, Status.Code.OK, Status.Code.OK), ended);
  }

  @Test
  void countsNoMoreForThePeak() {
    sendACall();
    cancel(sendACall());
    sendACall();
    assertEquals(2, server.meter().peakInFlight());
  }

  @Test
  void isNoMoreAheadOfWhatComesNext() {
    sendACall();
    double before = server.expectedNanos() + events.nanos();
    cancel(sendACall());
    assertEquals(before, server.expectedNanos() + events.nanos(), 1);
  }

  @Test
  void keepsItsSlot() {
    cancel(sendACall());
    sendACall();
    events.advance(SERVICE);
    assertEquals(List.of(Status.Code.CANCELLED), ended);
    events.advance(SERVICE);
    assertEquals(List.of(Status.Code.CANCELLED, Status.Code.OK), ended);
  }

  @Test
  void isForgottenIfItsServerCrashedMeanwhile() {
    sendACall();
    SimulatedStream waiting = sendACall();
    waiting.cancel(Status.CANCELLED);
    server.crash();
    server.restore();
    events.advance(DELAY);
    assertEquals((double) SERVICE.toNanos(), server.expectedNanos(), 1);
  }
}
