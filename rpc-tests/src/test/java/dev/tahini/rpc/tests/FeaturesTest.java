package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static dev.tahini.rpc.tests.Wiring.feature;
import static dev.tahini.rpc.tests.Wiring.logging;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.Injector;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.testing.FakeTime;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ClientInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Features that are installed in an injector. */
final class FeaturesTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  @Test
  void featuresInterceptInTheOrderOfInstallationInsideOfTheUsers() {
    Queue<String> log = new ConcurrentLinkedQueue<>();
    Injector injector =
        wiring.injector(
            feature(intercepting("first", log)),
            feature(intercepting("second", log)),
            blocking(client -> client.intercept(logging("user 1", log), logging("user 2", log))));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals(List.of("user 1", "user 2", "first", "second"), List.copyOf(log));
  }

  @Test
  void everyFeatureHearsTheEvents() {
    RecordedEvents one = new RecordedEvents();
    RecordedEvents other = new RecordedEvents();
    Injector injector = wiring.injector(feature(one), feature(other), BLOCKING);

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    Await.until(() -> one.ended().size() == 1 && other.ended().size() == 1);
    assertEquals(one.picked(), other.picked());
    assertEquals(1, one.picked().size());
  }

  @Test
  void featureIsClosedOnceAfterItsClients() {
    RecordedEvents feature = new RecordedEvents();
    Injector injector = wiring.injector(feature(feature), BLOCKING);
    injector.getInstance(CLIENT).close();
    assertEquals(0, feature.featureClosed());

    injector.getInstance(RpcClients.class).close();
    injector.getInstance(RpcClients.class).close();

    assertEquals(1, feature.featureClosed());
    assertEquals(1, feature.clientsClosed());
  }

  @Test
  void featureHearsTheEndOfAClientThatALaterFeatureKeepsFromBeingMade() {
    RecordedEvents heard = new RecordedEvents();
    ClientFeature broken =
        new ClientFeature() {
          @Override
          public Optional<CallEvents> events(ClientView client) {
            throw new IllegalStateException("broken feature");
          }
        };

    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> cluster.clientBuilder(c -> c).feature(heard).feature(broken).build());

    assertEquals("broken feature", e.getMessage());
    assertEquals(1, heard.clientsClosed());
    assertEquals(List.of(), cluster.snapshots());
  }

  @Test
  void featureHasTheTimeOfItsClient() {
    FakeTime time = new FakeTime();
    List<TimeSource> times = new ArrayList<>();
    ClientFeature curious =
        new ClientFeature() {
          @Override
          public Optional<CallEvents> events(ClientView client) {
            times.add(client.time());
            return Optional.empty();
          }
        };

    cluster.clientBuilder(c -> c).time(time).feature(curious).build().close();

    assertEquals(List.of(time), times);
  }

  private static ClientFeature intercepting(String name, Queue<String> log) {
    return new ClientFeature() {
      @Override
      public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
        return List.of(logging(name, log));
      }
    };
  }
}
