package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a call makes of what its attempt's tracer saw. */
class AttemptTellsItsCallTest {
  private final TestBalancer test = new TestBalancer();

  @BeforeEach
  void connect() {
    test.ready(A);
  }

  @Test
  void callWhoseAttemptWasNeverSentIsMadeAgain() {
    assertEquals(2, attemptsOfCall(tracer -> {}));
  }

  @Test
  void callWhoseAttemptWasSentOrAnsweredIsNotMadeAgain() {
    assertEquals(1, attemptsOfCall(ClientStreamTracer::outboundHeaders));
    assertEquals(1, attemptsOfCall(ClientStreamTracer::inboundHeaders));
    assertEquals(1, attemptsOfCall(tracer -> tracer.inboundTrailers(new Metadata())));
  }

  /** The same whether the call waited before or not. */
  private int attemptsOfCall(Consumer<ClientStreamTracer> seen) {
    int attempts = attemptsOfCall(options -> test.tracer(options), seen);
    assertEquals(attempts, attemptsOfCall(this::tracerOfPublication, seen));
    return attempts;
  }

  private static int attemptsOfCall(
      Function<CallOptions, ClientStreamTracer> make, Consumer<ClientStreamTracer> seen) {
    FakeAttempts attempts = new FakeAttempts();
    ReplayedCall<?, ?> call =
        new ReplayedCall<>(ChannelState.NO_METHOD, CallOptions.DEFAULT, attempts);
    call.start(new NoListener<>(), new Metadata());
    ClientStreamTracer tracer = make.apply(attempts.last().options);
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    seen.accept(tracer);
    tracer.streamClosed(Status.UNAVAILABLE);
    attempts.last().endWithoutStream(Status.UNAVAILABLE);
    return attempts.made.size();
  }

  private ClientStreamTracer tracerOfPublication(CallOptions options) {
    List<ClientStreamTracer> made = new ArrayList<>();
    test.channel.state.publishing(() -> made.add(test.tracer(options)));
    return made.get(0);
  }

  private static final class NoListener<T> extends ClientCall.Listener<T> {}
}
