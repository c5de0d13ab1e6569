package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
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
final class Probes {
  static final AskRequest ASK = ask("");
  static final AskRequest HANG = hang("");

  private Probes() {}

  static AskRequest ask(String id) {
    return AskRequest.newBuilder().setId(id).build();
  }

  static AskRequest hang(String id) {
    return AskRequest.newBuilder().setId(id).setHang(true).build();
  }

  static AskRequest fail(Status.Code code, String text) {
    return AskRequest.newBuilder().setStatus(code.value()).setText(text).build();
  }

  /** How a blocking call fails. */
  static Status failure(Executable call) {
    return assertThrows(StatusRuntimeException.class, call).getStatus();
  }

  /** How a call ends that was made with a future stub. */
  static Status outcome(ListenableFuture<?> call) {
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
  static AskResponse answer(ListenableFuture<AskResponse> call) {
    try {
      return call.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the call has not ended well", e);
    }
  }

  /** Who answers some calls, one after the other. */
  static Set<String> serversOf(ProbeBlockingStub stub, int calls) {
    Set<String> servers = new TreeSet<>();
    for (int i = 0; i < calls; i++) {
      servers.add(stub.ask(ASK).getServer());
    }
    return servers;
  }

  static BackendSnapshot backend(ClientSnapshot snapshot, String address) {
    return snapshot.backends().stream()
        .filter(backend -> backend.address().equals(address))
        .findFirst()
        .orElseThrow(() -> new AssertionError(address + " is not among " + snapshot.backends()));
  }
}
