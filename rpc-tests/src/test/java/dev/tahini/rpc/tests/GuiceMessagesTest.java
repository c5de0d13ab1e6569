package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcModule;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Guice says of mistakes on our class path. */
final class GuiceMessagesTest {
  private interface NotBound {}

  /** With the Guava that gRPC alone brings, Guice fails while it writes this very message. */
  @Test
  void missingBindingIsNamed() {
    Injector injector = Guice.createInjector(new RpcModule());

    ConfigurationException e =
        assertThrows(ConfigurationException.class, () -> injector.getInstance(NotBound.class));

    Expect.contains("No implementation for", String.valueOf(e.getMessage()));
    Expect.contains("NotBound", String.valueOf(e.getMessage()));
  }

  @Test
  void nameThatTheTableDoesNotHaveFailsTheInjectorAndNamesTheLineThatBoundIt() {
    CreationException e =
        assertThrows(
            CreationException.class,
            () ->
                Guice.createInjector(
                    StaticDiscoveryModule.names(Map.of("probe.prod:grpc", "127.0.0.1:1")),
                    binder ->
                        RpcBinder.rpcBinder(binder)
                            .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                            .to("probe.prd:grpc")
                            .plaintext()));

    Expect.contains(
        "target: probe.prd:grpc (expected: static:///host:port, or one of the names"
            + " [probe.prod:grpc])",
        String.valueOf(e.getMessage()));
    Expect.contains("GuiceMessagesTest", String.valueOf(e.getMessage()));
  }
}
