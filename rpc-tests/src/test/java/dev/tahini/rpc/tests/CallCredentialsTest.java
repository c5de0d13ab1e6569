package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that wait for credentials, with gRPC's retries and with lean ones. */
@ParameterizedClass
@EnumSource
final class CallCredentialsTest {
  private final TestDiscovery discovery = new TestDiscovery();
  @AutoClose private final RpcTestServer server = RpcTestServer.loopback(new ProbeService("s"));
  @AutoClose private final RpcClient<ProbeFutureStub> client;

  CallCredentialsTest(Retries retries) {
    client = retries.client(discovery);
  }

  @BeforeEach
  void connect() {
    discovery.set(server.endpoint());
    assertEquals(Status.Code.OK, outcome(client.stub().ask(ASK)).getCode());
  }

  /** Which the test gives when it wants to. */
  private static final class LateCredentials extends CallCredentials {
    final List<MetadataApplier> asked = new CopyOnWriteArrayList<>();

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
      asked.add(applier);
    }
  }

  private ListenableFuture<AskResponse> ask(CallCredentials credentials) {
    return client
        .stub()
        .withCallCredentials(credentials)
        .withDeadlineAfter(Await.PATIENCE)
        .ask(ASK);
  }

  @Test
  void callThatIsCancelledWhileItWaitsForThemIsNotInFlight() {
    LateCredentials late = new LateCredentials();
    ListenableFuture<AskResponse> call = ask(late);
    Await.until(() -> late.asked.size() == 1);

    call.cancel(true);
    late.asked.get(0).apply(new Metadata());

    assertEquals(0, client.view().snapshot().backends().get(0).inFlight());
  }

  @Test
  void callThatGetsThemIsCounted() {
    LateCredentials late = new LateCredentials();
    ListenableFuture<AskResponse> call = ask(late);
    Await.until(() -> late.asked.size() == 1);

    late.asked.get(0).apply(new Metadata());

    assertEquals(Status.Code.OK, outcome(call).getCode());
    Await.until(() -> client.view().snapshot().backends().get(0).succeeded() == 2);
  }

  @Test
  void callWhoseCredentialsFailAsksForThemOnce() {
    LateCredentials late = new LateCredentials();
    ListenableFuture<AskResponse> call = ask(late);
    Await.until(() -> late.asked.size() == 1);

    late.asked.get(0).fail(Status.UNAVAILABLE.withDescription("no token"));

    Expect.unavailable("no token", outcome(call));
    assertEquals(1, late.asked.size());
  }
}
