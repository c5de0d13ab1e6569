package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.TestBalancer.assertFails;
import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static dev.tahini.rpc.core.shard.Endpoints.endpoints;
import static io.grpc.ConnectivityState.READY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The policy in a plain gRPC channel, where no client brings its state. */
class PlainBalancerTest {
  private final TestBalancer test = new TestBalancer();
  private final FakeHelper helper = test.helper;

  @Test
  void plainChannelBalancesWhatItsResolverLists() {
    acceptPlain(null, A, B);

    helper.subchannels.forEach(subchannel -> subchannel.become(READY));

    Set<Subchannel> picked = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      picked.add(test.pick(Pick.leastLoaded()).getSubchannel());
    }
    assertEquals(Set.copyOf(helper.subchannels), picked);
  }

  @Test
  void plainChannelFollowsItsResolver() {
    acceptPlain(null, A, B);

    acceptPlain(null, B, C);

    assertTrue(helper.subchannel("10.0.0.1:80").shutdown);
    assertFalse(helper.subchannel("10.0.0.2:80").shutdown);
    assertEquals(3, helper.subchannels.size());
  }

  @Test
  void plainChannelNamesItsTargetInErrors() {
    acceptPlain(null);

    assertFails(
        Status.Code.UNAVAILABLE,
        "dns:///greeter.prod: no backends; the last answer listed 0 endpoints",
        test.pick(Pick.leastLoaded()));
  }

  @Test
  void configSaysWhatACallGetsThatAsksForNothing() {
    acceptPlain(new TahiniConfig(Pick.random(), ShardMaps.standard()), A, B);
    helper.subchannels.forEach(subchannel -> subchannel.become(READY));
    Subchannel busy = helper.subchannel("10.0.0.1:80");
    for (int i = 0; i < 50; i++) {
      test.pick(Pick.address("10.0.0.1:80"))
          .getStreamTracerFactory()
          .newClientStreamTracer(StreamInfo.newBuilder().build(), new Metadata())
          .streamCreated(Attributes.EMPTY, new Metadata());
    }

    int picked = 0;
    for (int i = 0; i < 100; i++) {
      picked += test.pick(Pick.leastLoaded()).getSubchannel() == busy ? 1 : 0;
    }

    assertTrue(picked > 10, "picked " + picked + " times of 100");
  }

  private void acceptPlain(@Nullable TahiniConfig config, Endpoint... endpoints) {
    test.accept(
        ResolvedAddresses.newBuilder()
            .setAddresses(
                List.of(endpoints).stream()
                    .map(endpoint -> new EquivalentAddressGroup(endpoint.address()))
                    .toList())
            .setLoadBalancingPolicyConfig(config)
            .build());
  }
}
