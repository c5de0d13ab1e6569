package dev.tahini.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.Assert.assertEquals;

import com.google.protobuf.ByteString;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The large calls of gRPC's soak cases, from several threads at once; see rpc_soak in gRPC's
 * interop-test-descriptions. gRPC's own soak client cannot be called from here.
 */
record Soak(int threads, int callsPerThread) {
  private static final SimpleRequest REQUEST =
      SimpleRequest.newBuilder().setResponseSize(314_159).setPayload(zeros(271_828)).build();
  private static final SimpleResponse RESPONSE =
      SimpleResponse.newBuilder().setPayload(zeros(314_159)).build();

  private static Payload zeros(int size) {
    return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
  }

  int calls() {
    return threads * callsPerThread;
  }

  /** Makes the calls; fails if one of them does, or takes too long. */
  void run(Function<SimpleRequest, SimpleResponse> call) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        callers.add(executor.submit(() -> callInTurn(call)));
      }
      for (Future<?> caller : callers) {
        caller.get(30, SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private void callInTurn(Function<SimpleRequest, SimpleResponse> call) {
    for (int i = 0; i < callsPerThread; i++) {
      assertEquals(RESPONSE, call.apply(REQUEST));
    }
  }
}
