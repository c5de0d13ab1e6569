package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** It lives as {@code io.grpc.internal.InternalSubchannel} does. */
class SimulatedSubchannelTest {
  private static final Duration ROUND_TRIP = Duration.ofMillis(2);

  private final Events events = new Events();
  private final Fleet fleet = new Fleet(events);
  private final SynchronizationContext context = events.newContext();
  private final List<String> states = new ArrayList<>();
  private final List<Status> ended = new ArrayList<>();
  private final ModelServer server =
      fleet.add(ServerSpec.of("b").withServiceTime(ServiceTime.constant(Duration.ofMillis(100))));
  private final SimulatedSubchannel subchannel =
      new SimulatedSubchannel(
          new World(
              events,
              new Network(events, ROUND_TRIP.dividedBy(2).toNanos()),
              fleet,
              context,
              Chance.of(1)),
          CreateSubchannelArgs.newBuilder()
              .setAddresses(new EquivalentAddressGroup(new ServerAddress("b")))
              .build());

  @BeforeEach
  void start() {
    context.execute(() -> subchannel.start(info -> states.add(millis() + " " + info.getState())));
  }

  private long millis() {
    return events.nanos() / 1_000_000;
  }

  private void advance(long millis) {
    events.advance(Duration.ofMillis(millis));
  }

  private void connect() {
    context.execute(subchannel::requestConnection);
    advance(ROUND_TRIP.toMillis());
  }

  private SimulatedStream sendACall() {
    SimulatedTransport transport = subchannel.obtainTransport();
    assertNotNull(transport);
    SimulatedStream stream =
        SimulatedStream.open(
            transport,
            null,
            CallOptions.DEFAULT,
            new Metadata(),
            (status, trailers) -> ended.add(status));
    stream.send(new CallRequest(new ClientSpec("c", ""), 1, 0.5));
    return stream;
  }

  @Test
  void isReadyOneRoundTripAfterItWasAsked() {
    connect();
    assertEquals(List.of("0 CONNECTING", "2 READY"), states);
  }

  @Test
  void staysIdleUntilItIsAsked() {
    advance(10_000);
    assertEquals(List.of(), states);
  }

  @Test
  void picksConnectIt() {
    assertNull(subchannel.obtainTransport());
    advance(ROUND_TRIP.toMillis());
    assertNotNull(subchannel.obtainTransport());
  }

  @Test
  void triesByItselfAfterAFailedConnect() {
    server.crash();
    connect();
    assertEquals(List.of("0 CONNECTING", "2 TRANSIENT_FAILURE"), states);
    advance(798); // 1 s, less a fifth, since it began to connect
    assertEquals(2, states.size());
    advance(402);
    assertEquals(4, states.size(), states::toString);
    server.restore();
    advance(1_922); // 1.6 s and a fifth, and the round trip
    assertTrue(states.get(5).endsWith(" READY"), states::toString);
  }

  @Test
  void isIdleWhenItsConnectionIsLost() {
    connect();
    server.crash();
    advance(1);
    assertEquals("3 IDLE", states.get(2));
    assertNull(subchannel.obtainTransport());
  }

  @Test
  void callsInFlightFailWhenTheConnectionIsLost() {
    connect();
    SimulatedStream stream = sendACall();
    advance(10);
    server.crash();
    server.restore();
    advance(1_000);
    assertEquals(List.of(Status.Code.UNAVAILABLE), ended.stream().map(Status::getCode).toList());
    assertEquals(server, stream.server());
  }

  @Test
  void callsInFlightFinishAfterItIsShutDown() {
    connect();
    sendACall();
    context.execute(subchannel::shutdown);
    advance(102);
    assertEquals(List.of(Status.OK), ended);
  }

  @Test
  void hangsUpFiveSecondsAfterItIsShutDown() {
    connect();
    SimulatedTransport transport = subchannel.obtainTransport();
    assertNotNull(transport);
    context.execute(subchannel::shutdown);
    advance(4_999);
    assertTrue(server.isConnected(transport));
    advance(2);
    assertEquals("5002 SHUTDOWN", states.get(2));
    assertTrue(!server.isConnected(transport));
  }

  @Test
  void cancelledCallLeavesTheQueueButNotTheSlot() {
    connect();
    List<SimulatedStream> streams = new ArrayList<>();
    for (int i = 0; i < 9; i++) { // eight slots
      streams.add(sendACall());
    }
    advance(10);
    streams.get(0).cancel(Status.CANCELLED);
    streams.get(8).cancel(Status.CANCELLED);
    advance(92);
    assertEquals(9, ended.size());
    assertEquals(2, ended.stream().filter(status -> !status.isOk()).count());
  }
}
