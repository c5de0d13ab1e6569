package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class TlsTest {
  private static final TestCa CA = new TestCa();

  @AutoClose private final Opened opened = new Opened();
  private final TestDiscovery discovery = new TestDiscovery();

  @Test
  void targetsHostIsTheNameInTheCertificate() {
    TlsServer server = tlsServer("s0", "greeter.test");
    discovery.set(server.endpoint());

    try (var client = trusting("greeter.test:" + server.port()).discovery(discovery).build()) {
      assertEquals("s0", client.stub().ask(ASK).getServer());
    }
  }

  @Test
  void targetsHostWithNamedPortIsTheNameInTheCertificate() {
    discovery.set(tlsServer("s0", "greeter.test").endpoint());

    try (var client = trusting("greeter.test:grpc").discovery(discovery).build()) {
      assertEquals("s0", client.stub().ask(ASK).getServer());
    }
  }

  @Test
  void certificateOfAnotherNameFailsTheCallNamingBoth() {
    TlsServer server = tlsServer("s0", "greeter.test");
    discovery.set(server.endpoint());

    try (var client = trusting("other.test:" + server.port()).discovery(discovery).build()) {
      Status status = failure(() -> client.stub().ask(ASK));

      assertUnavailable(status, server.address() + " cannot be connected");
      assertUnavailable(status, "No subject alternative DNS name matching other.test found");
    }
  }

  @Test
  void authorityOptionTakesTheTargetsPlace() {
    discovery.set(tlsServer("s0", "greeter.test").endpoint());

    try (var client =
        trusting("other.test:1").authority("greeter.test").discovery(discovery).build()) {
      assertEquals("s0", client.stub().ask(ASK).getServer());
    }
  }

  @Test
  void staticListWithAuthorityReachesAllItsServers() {
    TlsServer first = tlsServer("s0", "greeter.test");
    TlsServer second = tlsServer("s1", "greeter.test");

    try (var client = trusting(staticTarget(first, second)).authority("greeter.test").build()) {
      Await.until("2 ready backends", () -> client.view().snapshot().ready() == 2);
      Set<String> answering =
          IntStream.range(0, 20)
              .mapToObj(i -> client.stub().ask(ASK).getServer())
              .collect(Collectors.toSet());

      assertEquals(Set.of("s0", "s1"), answering);
    }
  }

  @Test
  void staticListWithAnotherAuthorityFailsTheCallNamingIt() {
    TlsServer first = tlsServer("s0", "greeter.test");
    TlsServer second = tlsServer("s1", "greeter.test");

    try (var client = trusting(staticTarget(first, second)).authority("other.test").build()) {
      Status status = failure(() -> client.stub().ask(ASK));

      assertUnavailable(status, "none of its 2 backends can be connected");
      assertUnavailable(status, "other.test");
    }
  }

  @Test
  void staticListWithoutAuthorityIsRefusedAtBuild() {
    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class, trusting("static:///10.0.0.1:80,10.0.0.2:80")::build);

    assertEquals(
        "authority: null (expected: the name in the servers' certificates by .authority(...), which"
            + " a static list under TLS does not tell, or .plaintext():"
            + " static:///10.0.0.1:80,10.0.0.2:80)",
        refusal.getMessage());
  }

  @Test
  void staticTargetOfOneHostIsItsOwnAuthority() {
    TlsServer server = tlsServer("s0", "127.0.0.1");

    try (var client = trusting(staticTarget(server)).build()) {
      assertEquals("s0", client.stub().ask(ASK).getServer());
    }
  }

  @Test
  void certificateOfAnUnknownAuthorityFailsTheCallSayingSo() {
    TestCa unknown = new TestCa();
    discovery.set(
        opened.add(TlsServer.start("s0", unknown.serverNamed("greeter.test"))).endpoint());

    try (var client = trusting("greeter.test:grpc").discovery(discovery).build()) {
      assertUnavailable(
          failure(() -> client.stub().ask(ASK)), "unable to find valid certification");
    }
  }

  @Test
  void tlsIsTheDefault() {
    TlsServer server = tlsServer("s0", "127.0.0.1");

    try (var client = RpcClient.builder(staticTarget(server), ProbeGrpc::newBlockingStub).build()) {
      assertUnavailable(
          failure(() -> client.stub().ask(ASK)), "unable to find valid certification");
    }
  }

  @Test
  void plaintextClientOfTlsServerFailsTheCallNamingTheBackend() {
    TlsServer server = tlsServer("s0", "greeter.test");
    discovery.set(server.endpoint());

    try (var client =
        RpcClient.builder("greeter.test:grpc", ProbeGrpc::newBlockingStub)
            .discovery(discovery)
            .plaintext()
            .build()) {
      Status status = failure(() -> client.stub().ask(ASK));

      assertUnavailable(status, server.address() + " cannot be connected");
    }
  }

  @Test
  void tlsClientOfPlaintextServerFailsTheCallSayingSo() {
    RpcTestServer server = opened.add(RpcTestServer.loopback(new ProbeService("s0")));
    discovery.set(server.endpoint());

    try (var client = trusting("greeter.test:grpc").discovery(discovery).build()) {
      Status status = failure(() -> client.stub().ask(ASK));

      assertUnavailable(status, server.endpoint().addressText() + " cannot be connected");
      assertUnavailable(status, "not an SSL/TLS record");
    }
  }

  private TlsServer tlsServer(String name, String nameInCertificate) {
    return opened.add(TlsServer.start(name, CA.serverNamed(nameInCertificate)));
  }

  private static RpcClient.Builder<ProbeBlockingStub> trusting(String target) {
    return RpcClient.<ProbeBlockingStub>builder(target, ProbeGrpc::newBlockingStub)
        .credentials(CA.trust());
  }

  private static String staticTarget(TlsServer first, TlsServer... others) {
    return "static:///"
        + first.address()
        + IntStream.range(0, others.length)
            .mapToObj(i -> "," + others[i].address())
            .collect(Collectors.joining());
  }

  private static void assertUnavailable(Status status, String part) {
    Expect.status(Status.Code.UNAVAILABLE, part, status);
  }
}
