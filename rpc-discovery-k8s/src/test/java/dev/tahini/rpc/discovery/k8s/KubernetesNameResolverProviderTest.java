package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain gRPC channel finds it by the scheme. */
class KubernetesNameResolverProviderTest {

  @ParameterizedTest
  @ValueSource(strings = {"k8s", "kubernetes"})
  void schemeIsKnownToGrpc(String scheme) {
    assertEquals(
        scheme,
        NameResolverRegistry.getDefaultRegistry().getProviderForScheme(scheme).getDefaultScheme());
  }

  @Test
  void namesWithoutSchemeAreStillForDns() {
    assertEquals("dns", NameResolverRegistry.getDefaultRegistry().getDefaultScheme());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"k8s:///greeter.prod:grpc", "kubernetes:///greeter.prod.svc:80?family=v4"})
  void channelIsNamedAfterTheService(String target) throws InterruptedException {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
    try {
      assertTrue(channel.authority().startsWith("greeter.prod"), channel.authority());
      assertEquals(ConnectivityState.IDLE, channel.getState(false));
    } finally {
      channel.shutdownNow();
      assertTrue(channel.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void badTargetIsRefusedWhenTheChannelIsMade() {
    Exception error =
        assertThrows(
            Exception.class,
            () -> ManagedChannelBuilder.forTarget("k8s:///greeter.prod:grpc?srv=1").build());

    assertTrue(
        error instanceof InvalidValueException
            && String.valueOf(error.getMessage()).contains("srv"),
        error::toString);
  }
}
