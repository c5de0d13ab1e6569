package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a cluster does for all of its backends, or in fewer words. */
class ClusterShortcutsTest {
  @AutoClose private final RpcTestCluster cluster = Reach.IN_PROCESS.start("a", "b", "c");

  @Test
  void clientWithOptionsIsClosedWithTheCluster() throws Exception {
    RpcClient<Echo> client =
        cluster.client(Echo::new, options -> options.intercept(new ClientOfItsOwn()));

    cluster.close();

    assertEquals(Status.Code.UNAVAILABLE, client.stub().outcome("hi").getCode());
    assertEquals(List.of(), cluster.snapshots());
  }

  private static final class ClientOfItsOwn implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return next.newCall(method, options);
    }
  }

  @Test
  void backendsAreListedByTheirNames() {
    RpcClient<Echo> client = cluster.client(Echo::new);

    cluster.list("a", "c");
    cluster.awaitReady(client);

    Set<String> listed =
        client.view().snapshot().backends().stream()
            .map(BackendSnapshot::endpoint)
            .map(endpoint -> endpoint.name())
            .collect(Collectors.toSet());
    assertEquals(Set.of("a", "c"), listed);
    assertThrows(InvalidValueException.class, () -> cluster.list("z"));
    assertThrows(InvalidValueException.class, () -> cluster.list("a", "a"));
  }

  @Test
  void everyBackendHangsAndIsReleased() throws Exception {
    Echo echo = cluster.client(Echo::new).stub();
    cluster.hang();
    List<CompletableFuture<String>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(echo.start("hi"));
    }

    cluster.awaitHanging(1);
    cluster.awaitHanging(30);
    cluster.release();

    for (CompletableFuture<String> call : calls) {
      assertEquals("hi", call.get(10, TimeUnit.SECONDS));
    }
    cluster.awaitIdle();
    cluster.calls().assertNoneOpen();
  }

  @Test
  void healEndsTheFaultsOfEveryBackend() throws Exception {
    cluster.backends().forEach(b -> b.failNext(1_000, Failure.of(Status.INTERNAL)));
    Echo echo = cluster.client(Echo::new).stub();
    assertEquals(Status.Code.INTERNAL, echo.outcome("hi").getCode());

    cluster.heal();

    assertEquals("hi", echo.echo("hi"));
  }

  @Test
  void toWaitForNoneByANumberIsRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> cluster.awaitInFlight(0));

    assertEquals("attempts: 0 (expected: 1 or more; awaitIdle() waits for none)", e.getMessage());
  }

  @Test
  void awaitReadyRefusesAClientOfAnotherCluster() {
    try (RpcTestCluster other = Reach.IN_PROCESS.start("a")) {
      RpcClient<Echo> client = other.client(Echo::new);

      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> cluster.awaitReady(client));

      assertTrue(String.valueOf(e.getMessage()).contains("not of this cluster"), e::toString);
    }
  }

  @Test
  void awaitReadyRefusesAClosedClient() {
    RpcClient<Echo> client = cluster.client(Echo::new);
    client.close();

    assertThrows(IllegalStateException.class, () -> cluster.awaitReady(client));
  }

  @Test
  void ownersAreTold() throws Exception {
    RpcClient<Echo> client = cluster.client(Echo::new);
    cluster.awaitReady(client);
    KeyOwners owners = cluster.owners(client, List.of("x"));

    new Echo(client.stub(Pick.shard("x")).channel()).echo("hi");

    assertEquals(cluster.calls().onlyCall().backends(), List.copyOf(owners.owners().values()));
  }
}
