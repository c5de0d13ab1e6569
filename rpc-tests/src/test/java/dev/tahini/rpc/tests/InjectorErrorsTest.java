package dev.tahini.rpc.tests;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static dev.tahini.rpc.tests.Wiring.installing;
import static dev.tahini.rpc.tests.Wiring.refusal;

import com.google.inject.Binder;
import com.google.inject.Module;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bindings that an injector refuses. */
final class InjectorErrorsTest {
  private static final Module LIST_DISCOVERY = installing(new TestDiscovery("list"));

  @Test
  void clientWithoutTargetFailsTheInjectorNamingItsStub() {
    String refusal =
        refusal(
            LIST_DISCOVERY,
            binder ->
                rpcBinder(binder)
                    .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                    .plaintext());

    Expect.contains("target: not given (expected: bindClient(...).to(target) for", refusal);
    Expect.contains("ProbeBlockingStub)", refusal);
  }

  @ParameterizedTest
  @MethodSource("badTargets")
  void badTargetFailsTheInjectorNamingIt(String target, String message) {
    String refusal = refusal(LIST_DISCOVERY, blocking(target));

    Expect.contains(message, refusal);
  }

  static Stream<Arguments> badTargets() {
    return Stream.of(
        Arguments.of("probe.test:99999", "target: probe.test:99999: port 99999 is not a number"),
        Arguments.of(
            "k8s:///probe.test:80",
            "target: k8s:///probe.test:80 (expected: one of the schemes [list, static]"));
  }

  @Test
  void targetWithoutSchemeAndWithoutDiscoveryFailsTheInjectorNamingIt() {
    String refusal = refusal(BLOCKING);

    Expect.contains(
        "target: probe.test:grpc (expected: static:///probe.test:grpc, or an installed discovery",
        refusal);
  }

  @Test
  void staticListUnderTlsWithoutAuthorityFailsTheInjectorNamingIt() {
    String refusal =
        refusal(
            binder ->
                rpcBinder(binder)
                    .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                    .to("static:///10.0.0.1:80,10.0.0.2:80"));

    Expect.contains("authority: null (expected: ", refusal);
    Expect.contains("static:///10.0.0.1:80,10.0.0.2:80", refusal);
  }

  @Test
  void stubThatIsBoundTwiceFailsTheInjectorNamingTheCaller() {
    String refusal =
        refusal(
            LIST_DISCOVERY,
            binder -> {
              bindHere(binder, TARGET);
              bindHere(binder, "list:///other:80");
            });

    Expect.contains("ProbeBlockingStub", refusal);
    Expect.contains("InjectorErrorsTest.java", refusal);
  }

  private static void bindHere(Binder binder, String target) {
    rpcBinder(binder)
        .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
        .to(target)
        .plaintext();
  }
}
