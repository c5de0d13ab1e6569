package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a retry hears of what an attempt's tracer saw. */
class AttemptTellsItsCallTest {
  private final TestBalancer test = new TestBalancer();

  @BeforeEach
  void connect() {
    test.ready(A);
  }

  @Test
  void attemptWhoseHeadersWereNotWrittenWasNeverSent() {
    assertEquals(AttemptFate.NEVER_SENT, fate(tracer -> {}));
  }

  @Test
  void attemptThatWasSentOrAnsweredMayHaveBeenProcessed() {
    assertEquals(AttemptFate.PROCESSED, fate(ClientStreamTracer::outboundHeaders));
    assertEquals(AttemptFate.PROCESSED, fate(ClientStreamTracer::inboundHeaders));
    assertEquals(AttemptFate.PROCESSED, fate(tracer -> tracer.inboundTrailers(new Metadata())));
  }

  /** The same whether the call waited before or not. */
  private AttemptFate fate(Consumer<ClientStreamTracer> seen) {
    AttemptFate fate = fate(options -> test.tracer(options), seen);
    assertEquals(fate, fate(this::tracerOfPublication, seen));
    return fate;
  }

  private static AttemptFate fate(
      Function<CallOptions, ClientStreamTracer> make, Consumer<ClientStreamTracer> seen) {
    Attempts attempts = new Attempts();
    ClientStreamTracer tracer =
        make.apply(CallOptions.DEFAULT.withOption(Attempts.OPTION, attempts));
    tracer.streamCreated(Attributes.EMPTY, new Metadata());
    seen.accept(tracer);
    tracer.streamClosed(Status.UNAVAILABLE);
    return attempts.fate(Status.UNAVAILABLE);
  }

  private ClientStreamTracer tracerOfPublication(CallOptions options) {
    List<ClientStreamTracer> made = new ArrayList<>();
    test.channel.state.publishing(() -> made.add(test.tracer(options)));
    return made.get(0);
  }
}
