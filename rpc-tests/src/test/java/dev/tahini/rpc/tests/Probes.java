package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.function.Executable;

/** Requests, and what became of them. */
public final class Probes {
  public static final AskRequest ASK = ask("");

  /** It is never answered. For all calls of a backend there is {@link TestBackend#hang()}. */
  public static final AskRequest HANG = AskRequest.newBuilder().setHang(true).build();

  private Probes() {}

  public static AskRequest ask(String id) {
    return AskRequest.newBuilder().setId(id).build();
  }

  /** It fails. For the next calls of a backend there is {@link TestBackend#failNext}. */
  public static AskRequest fail(Status.Code code) {
    return AskRequest.newBuilder().setStatus(code.value()).build();
  }

  /** How a blocking call fails. */
  public static Status failure(Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus();
  }

  /** How a call ends that was made with a future stub. */
  public static Status outcome(ListenableFuture<?> call) {
    try {
      call.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Status.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the call has not ended", e);
    }
  }

  /** The answer to a call that was made with a future stub. */
  public static AskResponse answer(ListenableFuture<AskResponse> call) {
    try {
      return call.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the call has not ended well", e);
    }
  }

  /** Who answers some calls, one after the other. */
  public static Set<String> serversOf(ProbeBlockingStub stub, int calls) {
    Set<String> servers = new TreeSet<>();
    for (int i = 0; i < calls; i++) {
      servers.add(stub.ask(ASK).getServer());
    }
    return servers;
  }

  /** What a client knows of a backend. */
  public static BackendSnapshot snapshot(RpcClient<?> client, TestBackend of) {
    ClientSnapshot snapshot = client.view().snapshot();
    return snapshot.backends().stream()
        .filter(backend -> backend.address().equals(of.address()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(of + " is not among " + snapshot.backends()));
  }
}
