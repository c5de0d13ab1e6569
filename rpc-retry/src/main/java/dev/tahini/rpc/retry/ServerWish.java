package dev.tahini.rpc.retry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about trying again: {@code grpc-retry-pushback-ms} (gRFC A6), or {@code
 * google.rpc.RetryInfo} in {@code grpc-status-details-bin}. Of both the longer delay counts.
 *
 * @param isNoMore it asks not to be tried again
 * @param delay how long to leave it alone; null if it says nothing
 */
record ServerWish(boolean isNoMore, @Nullable Duration delay) {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** A pushback that is no number asks for no more, as gRFC A6 has it. */
  static ServerWish in(Metadata trailers) {
    String pushback = trailers.get(PUSHBACK);
    Duration retryInfo = retryInfo(trailers.get(DETAILS));
    if (pushback == null) {
      return new ServerWish(false, retryInfo);
    }
    if (!pushback.matches("[0-9]{1,18}")) {
      return new ServerWish(true, retryInfo);
    }
    Duration pushed = atMostADay(Duration.ofMillis(Long.parseLong(pushback)));
    return new ServerWish(
        false, retryInfo != null && retryInfo.compareTo(pushed) > 0 ? retryInfo : pushed);
  }

  /** Details that cannot be read say nothing. */
  private static @Nullable Duration retryInfo(byte @Nullable [] details) {
    if (details == null) {
      return null;
    }
    try {
      for (Any detail : Status.parseFrom(details).getDetailsList()) {
        if (detail.is(RetryInfo.class)) {
          com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
          boolean isDelay =
              delay.getSeconds() >= 0 && delay.getNanos() >= 0 && delay.getNanos() < 1_000_000_000;
          return isDelay
              ? atMostADay(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
              : null;
        }
      }
      return null;
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static Duration atMostADay(Duration delay) {
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }
}
