package dev.tahini.rpc.testing.lab;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.ClientInterceptor;
import io.grpc.ClientTransportFilter;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What users set on the channels of their clients. */
class ChannelSettingsTest {

  private static Report runWith(Consumer<? super ManagedChannelBuilder<?>> settings) {
    return SimulatedCluster.builder()
        .backend(ServerSpec.of("b"))
        .load(Arrivals.poisson(100))
        .client((context, client) -> client.channel(settings))
        .run(Duration.ofSeconds(1));
  }

  private static void assertRefused(
      String message, Consumer<? super ManagedChannelBuilder<?>> settings) {
    InvalidValueException thrown =
        assertThrows(InvalidValueException.class, () -> runWith(settings));
    assertTrue(String.valueOf(thrown.getMessage()).startsWith(message), thrown::toString);
  }

  @Test
  void thatChangeNothingHereAreIgnored() {
    Report plain = runWith(channel -> {});
    assertEquals(
        plain,
        runWith(
            channel -> {
              channel.keepAliveTime(10, SECONDS).keepAliveTimeout(1, SECONDS);
              channel.keepAliveWithoutCalls(true).idleTimeout(1, SECONDS);
              channel.maxInboundMessageSize(1).maxInboundMetadataSize(1);
              channel.usePlaintext().useTransportSecurity().userAgent("me").overrideAuthority("x");
              channel.executor(Runnable::run).offloadExecutor(Runnable::run).directExecutor();
              channel.maxTraceEvents(1).proxyDetector(address -> null);
            }));
  }

  /** There are none without a service config. */
  @Test
  void ofGrpcsRetriesAreIgnored() {
    Report plain = runWith(channel -> {});
    assertEquals(
        plain,
        runWith(
            channel -> {
              channel.disableRetry().enableRetry().maxRetryAttempts(3).maxHedgedAttempts(3);
              channel.retryBufferSize(1).perRpcBufferLimit(1).disableServiceConfigLookUp();
              channel.defaultServiceConfig(null).defaultServiceConfig(Map.of());
            }));
  }

  @Test
  void serviceConfigIsRefused() {
    Map<String, ?> retries =
        Map.of("methodConfig", List.of(Map.of("retryPolicy", Map.of("maxAttempts", 3.0))));
    assertRefused(
        "defaultServiceConfig: {methodConfig=[{retryPolicy={maxAttempts=3.0}}]} (expected: none",
        channel -> channel.defaultServiceConfig(retries));
  }

  @Test
  void transportFilterIsRefused() {
    assertRefused(
        "transportFilter: ", channel -> channel.addTransportFilter(new ClientTransportFilter() {}));
  }

  @Test
  void interceptorIsRefused() {
    ClientInterceptor interceptor = new OneMoreTry();
    assertRefused("interceptors: [", channel -> channel.intercept(interceptor));
  }
}
