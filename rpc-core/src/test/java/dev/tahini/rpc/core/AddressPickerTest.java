package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AddressPickerTest {
  private final TestChannel channel = new TestChannel();

  @ParameterizedTest
  @EnumSource(
      value = ConnectivityState.class,
      names = {"IDLE", "CONNECTING", "READY", "TRANSIENT_FAILURE"})
  void backendIsPickedInAnyState(ConnectivityState state) {
    List<LiveBackend> listed = channel.list(Endpoints.A, Endpoints.B);
    channel.become(listed.get(1), state);

    assertSame(listed.get(1), channel.pick(Pick.address("10.0.0.2:80")));
  }

  @Test
  void drainingBackendIsPicked() {
    LiveBackend a = channel.list(Endpoints.draining(Endpoints.A)).get(0);

    assertSame(a, channel.pick(Pick.address("10.0.0.1:80")));
  }

  @Test
  void ipv6BackendIsPickedHoweverItIsWritten() {
    Endpoint endpoint = Endpoint.of(new InetSocketAddress("2001:db8::1", 80));
    LiveBackend backend = channel.list(endpoint).get(0);

    assertSame(backend, channel.pick(Pick.address("[2001:DB8:0:0:0:0:0:1]:80")));
  }

  @Test
  void addressThatIsNotListedIsNamed() {
    channel.connected(Endpoints.endpoints(3));
    Pick pick = Pick.address("10.0.0.9:80");

    assertNull(channel.pick(pick));
    Status why = channel.whyNone(pick);
    assertNotNull(why);
    assertEquals(Status.Code.UNAVAILABLE, why.getCode());
    assertEquals("10.0.0.9:80 is not among its 3 backends", why.getDescription());
  }

  @Test
  void ofTwoWrittenAlikeTheFirstIsPicked() {
    Endpoint unresolved = Endpoint.of(InetSocketAddress.createUnresolved("10.0.0.1", 80));
    List<LiveBackend> listed = channel.list(unresolved, Endpoints.A);

    assertEquals(2, listed.size());
    assertSame(listed.get(0), channel.pick(Pick.address("10.0.0.1:80")));
  }
}
