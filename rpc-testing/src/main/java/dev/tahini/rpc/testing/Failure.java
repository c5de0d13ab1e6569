package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import dev.tahini.rpc.InvalidValueException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link TestBackend} fails a call: a status, and trailers that say when to come back.
 *
 * <pre>{@code
 * backend.failNext(2, Failure.of(Status.UNAVAILABLE).withRetryInfo(Duration.ofMillis(50)));
 * }</pre>
 *
 * <p>Immutable: trailers are copied on their way in and out, so equality goes by identity of them.
 *
 * @param status what the call ends with; not OK
 * @param trailers what is sent with it
 */
public record Failure(Status status, Metadata trailers) {
  private static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * Copies the trailers.
   *
   * @throws InvalidValueException if the status is OK
   */
  public Failure {
    requireNonNull(status, "status");
    if (status.isOk()) {
      throw new InvalidValueException("status", status, "an error");
    }
    trailers = copy(trailers);
  }

  /**
   * A failure without trailers.
   *
   * @param status what the call ends with; its cause is not sent
   * @return the failure
   * @throws InvalidValueException if the status is OK
   */
  public static Failure of(Status status) {
    return new Failure(status, new Metadata());
  }

  /**
   * The trailers.
   *
   * @return a copy
   */
  @Override
  public Metadata trailers() {
    return copy(trailers);
  }

  /**
   * The same with {@code google.rpc.RetryInfo} among the details of the status, as services say it
   * that are busy; it takes the place of details that were there.
   *
   * @param delay when to come back; zero or more
   * @return the changed copy
   * @throws InvalidValueException if the delay is negative
   */
  public Failure withRetryInfo(Duration delay) {
    requireNotNegative(delay);
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(delay.getSeconds())
                    .setNanos(delay.getNano()))
            .build();
    com.google.rpc.Status details =
        com.google.rpc.Status.newBuilder()
            .setCode(status.getCode().value())
            .setMessage(Objects.requireNonNullElse(status.getDescription(), ""))
            .addDetails(Any.pack(info))
            .build();
    return with(DETAILS, details);
  }

  /**
   * The same with {@code grpc-retry-pushback-ms} among the trailers, as in gRFC A6: come back after
   * the delay.
   *
   * @param delay zero or more, in milliseconds
   * @return the changed copy
   * @throws InvalidValueException if the delay is negative
   */
  public Failure withPushback(Duration delay) {
    requireNotNegative(delay);
    return with(PUSHBACK, Long.toString(delay.toMillis()));
  }

  /**
   * The same with a {@code grpc-retry-pushback-ms} of -1 among the trailers, as in gRFC A6: do not
   * come back.
   *
   * @return the changed copy
   */
  public Failure withoutRetry() {
    return with(PUSHBACK, "-1");
  }

  private <T> Failure with(Metadata.Key<T> key, T value) {
    Metadata changed = trailers();
    changed.discardAll(key);
    changed.put(key, value);
    return new Failure(status, changed);
  }

  private static void requireNotNegative(Duration delay) {
    if (delay.isNegative()) {
      throw new InvalidValueException("delay", delay, "zero or more");
    }
  }

  private static Metadata copy(Metadata metadata) {
    Metadata copy = new Metadata();
    copy.merge(metadata);
    return copy;
  }
}
