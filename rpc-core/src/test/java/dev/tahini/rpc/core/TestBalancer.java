package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;

/** A balancer between a client's state and a gRPC channel that the test plays. */
final class TestBalancer {
  final TestChannel channel;
  final FakeHelper helper;
  final TahiniLoadBalancer balancer;

  TestBalancer(TestChannel channel) {
    this.channel = channel;
    this.helper = new FakeHelper();
    this.balancer = new TahiniLoadBalancer(helper);
  }

  TestBalancer() {
    this(new TestChannel());
  }

  /** A new list of discovery, as the client's watch and the resolver bring it. */
  List<LiveBackend> list(Endpoint... endpoints) {
    return list(List.of(endpoints));
  }

  List<LiveBackend> list(List<Endpoint> endpoints) {
    List<LiveBackend> listed = channel.list(endpoints);
    accept(endpoints.stream().map(Endpoint::toAddressGroup).toList());
    return listed;
  }

  void accept(List<EquivalentAddressGroup> groups) {
    Attributes attributes = Attributes.newBuilder().set(ChannelState.KEY, channel.state).build();
    accept(ResolvedAddresses.newBuilder().setAddresses(groups).setAttributes(attributes).build());
  }

  void accept(ResolvedAddresses resolved) {
    helper.syncContext.execute(
        () -> assertEquals(Status.OK, balancer.acceptResolvedAddresses(resolved)));
  }

  void resolutionFails(Status error) {
    helper.syncContext.execute(() -> balancer.handleNameResolutionError(error));
  }

  /** Lists the endpoints and lets each connect. */
  List<LiveBackend> ready(Endpoint... endpoints) {
    return ready(List.of(endpoints));
  }

  List<LiveBackend> ready(List<Endpoint> endpoints) {
    List<LiveBackend> listed = list(endpoints);
    listed.forEach(backend -> become(backend, ConnectivityState.READY));
    return listed;
  }

  void become(LiveBackend backend, ConnectivityState state) {
    helper.subchannel(backend.address()).become(state);
  }

  /** What gRPC makes for the stream of a call that it has picked a backend for. */
  ClientStreamTracer tracer(CallOptions options) {
    return pick(Pick.leastLoaded())
        .getStreamTracerFactory()
        .newClientStreamTracer(
            StreamInfo.newBuilder().setCallOptions(options).build(), new Metadata());
  }

  void shutdown() {
    helper.syncContext.execute(balancer::shutdown);
  }

  PickResult pick(Pick pick) {
    return pick(FakePickArgs.of(pick));
  }

  PickResult pick(PickSubchannelArgs args) {
    return helper.last().picker().pickSubchannel(args);
  }

  /** Asserts that the attempt is sent, or waits for, the backend's connection. */
  void assertGoesTo(LiveBackend backend, PickResult result) {
    assertTrue(result.getStatus().isOk(), result::toString);
    assertSame(helper.subchannel(backend.address()), result.getSubchannel());
  }

  static void assertWaits(PickResult result) {
    assertFalse(result.hasResult(), result::toString);
  }

  /** Asserts that the attempt fails, though not under {@code waitForReady}. */
  static void assertFails(Status.Code code, String description, PickResult result) {
    assertFalse(result.isDrop(), result::toString);
    assertStatus(code, description, result);
  }

  /** Asserts that the attempt fails in any case. */
  static void assertDrops(Status.Code code, String description, PickResult result) {
    assertTrue(result.isDrop(), result::toString);
    assertStatus(code, description, result);
  }

  private static void assertStatus(Status.Code code, String description, PickResult result) {
    assertNull(result.getSubchannel());
    assertEquals(code, result.getStatus().getCode());
    assertEquals(description, requireNonNull(result.getStatus().getDescription()));
  }
}
