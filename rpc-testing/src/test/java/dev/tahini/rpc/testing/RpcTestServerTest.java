package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.inprocess.InProcessSocketAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpcTestServerTest {
  private final EchoService service = new EchoService();

  private enum Transport {
    IN_PROCESS {
      @Override
      RpcTestServer start(BindableService... services) {
        return RpcTestServer.inProcess(services);
      }
    },
    LOOPBACK {
      @Override
      RpcTestServer start(BindableService... services) {
        return RpcTestServer.loopback(services);
      }
    };

    abstract RpcTestServer start(BindableService... services);
  }

  @ParameterizedTest
  @EnumSource
  void callWorksThroughItsChannel(Transport transport) throws Exception {
    try (RpcTestServer server = transport.start(service)) {
      assertEquals("hello", new Echo(server.channel()).echo("hello"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void callWorksThroughAClient(Transport transport) throws Exception {
    try (RpcTestServer server = transport.start(service);
        RpcClient<Echo> client = server.client(Echo::new)) {
      assertEquals("hello", client.stub().echo("hello"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachPickOfAClientFindsTheServer(Transport transport) throws Exception {
    try (RpcTestServer server = transport.start(service);
        RpcClient<Echo> client = server.client(Echo::new)) {
      for (Pick pick :
          List.of(
              Pick.leastLoaded(),
              Pick.random(),
              Pick.shard("k"),
              Pick.address(server.endpoint().addressText()))) {
        assertEquals("hello", client.stub(pick).echo("hello"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientCountsItsCalls(Transport transport) throws Exception {
    try (RpcTestServer server = transport.start(service);
        RpcClient<Echo> client = server.client(Echo::new)) {
      client.stub().echo("one");
      client.stub().echo("two");

      List<BackendSnapshot> backends = client.view().snapshot().backends();
      assertEquals(1, backends.size());
      assertEquals(server.endpoint(), backends.get(0).endpoint());
      assertEquals(2, backends.get(0).started());
    }
  }

  @ParameterizedTest
  @EnumSource
  void closeWaitsForTheServerAndItsChannel(Transport transport) {
    RpcTestServer server = transport.start(service);
    ManagedChannel channel = assertInstanceOf(ManagedChannel.class, server.channel());

    server.close();

    assertTrue(channel.isTerminated());
    assertRefused(new Echo(channel));
  }

  @ParameterizedTest
  @EnumSource
  void closeIsIdempotent(Transport transport) {
    RpcTestServer server = transport.start(service);

    server.close();
    server.close();

    assertRefused(new Echo(server.channel()));
  }

  @ParameterizedTest
  @EnumSource
  void closeCutsTheCallsInFlight(Transport transport) throws Exception {
    RpcTestServer server = transport.start(service);
    CompletableFuture<String> call = new Echo(server.channel()).start("wait");
    service.waits.get(10, TimeUnit.SECONDS);

    server.close();

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
    assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(e).getCode());
  }

  @ParameterizedTest
  @EnumSource
  void clientOfAServerThatIsGoneFails(Transport transport) {
    RpcTestServer server = transport.start(service);
    try (RpcClient<Echo> client = server.client(Echo::new)) {
      server.close();

      assertRefused(client.stub());
    }
  }

  private static void assertRefused(Echo echo) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> echo.echo("hello"));
    assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(e).getCode());
  }

  @ParameterizedTest
  @EnumSource
  void clientsAreTheCallersToClose(Transport transport) throws Exception {
    try (RpcTestServer server = transport.start(service)) {
      RpcClient<Echo> client = server.client(Echo::new);
      client.close();

      assertRefused(client.stub());
      assertEquals("hello", new Echo(server.channel()).echo("hello"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void serversStandSideBySide(Transport transport) throws Exception {
    try (RpcTestServer one = transport.start(service);
        RpcTestServer other = transport.start(new EchoService())) {
      assertNotEquals(one.address(), other.address());
      assertEquals("one", new Echo(one.channel()).echo("one"));
      assertEquals("other", new Echo(other.channel()).echo("other"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void endpointIsItsAddress(Transport transport) {
    try (RpcTestServer server = transport.start(service)) {
      assertEquals(Endpoint.of(server.address()), server.endpoint());
      assertSame(server.channel(), server.channel());
    }
  }

  @ParameterizedTest
  @EnumSource
  void serverWithoutServicesRefusesEveryMethod(Transport transport) {
    try (RpcTestServer server = transport.start()) {
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> new Echo(server.channel()).echo("hello"));

      assertEquals(Status.Code.UNIMPLEMENTED, Status.fromThrowable(e).getCode());
    }
  }

  @Test
  void loopbackServerListensOnAPortOfTheSystems() {
    try (RpcTestServer server = RpcTestServer.loopback(service)) {
      InetSocketAddress address = assertInstanceOf(InetSocketAddress.class, server.address());

      assertTrue(address.getAddress().isLoopbackAddress());
      assertNotEquals(0, address.getPort());
    }
  }

  @Test
  void inProcessServerHasNoSocket() {
    try (RpcTestServer server = RpcTestServer.inProcess(service)) {
      assertInstanceOf(InProcessSocketAddress.class, server.address());
    }
  }
}
