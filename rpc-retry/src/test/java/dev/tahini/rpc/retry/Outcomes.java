package dev.tahini.rpc.retry;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Histories of calls. */
final class Outcomes {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private Outcomes() {}

  static Outcome of(Status status) {
    return of(status, new Metadata());
  }

  static Outcome of(Status status, Metadata trailers) {
    return new Outcome(status, trailers, null, Duration.ZERO, Duration.ZERO);
  }

  static History history(Status... statuses) {
    return history(Arrays.stream(statuses).map(Outcomes::of).toList());
  }

  static History history(List<Outcome> outcomes) {
    return new History(null, outcomes, null);
  }

  static Metadata pushback(String millis) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, millis);
    return trailers;
  }

  static Metadata retryInfo(Duration delay) {
    com.google.protobuf.Duration.Builder proto =
        com.google.protobuf.Duration.newBuilder()
            .setSeconds(delay.getSeconds())
            .setNanos(delay.getNano());
    RetryInfo info = RetryInfo.newBuilder().setRetryDelay(proto).build();
    com.google.rpc.Status details =
        com.google.rpc.Status.newBuilder().addDetails(Any.pack(info)).build();
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details.toByteArray());
    return trailers;
  }

  static Metadata details(byte[] bytes) {
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, bytes);
    return trailers;
  }
}
