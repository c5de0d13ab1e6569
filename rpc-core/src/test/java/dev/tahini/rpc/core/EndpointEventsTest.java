package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the listeners of a client are told of its lists. */
class EndpointEventsTest {
  private static final Target TARGET = Target.parse(TestChannel.TARGET);

  private final TestChannel channel = new TestChannel();
  private final FakeDiscovery discovery = new FakeDiscovery("fake");
  private final EndpointWatch watch =
      new EndpointWatch(TARGET, discovery, channel.backends, channel.events);
  private final HeardAnswers heard = new HeardAnswers();

  @Test
  void changesOfTheListAreEvents() {
    List<String> said = new ArrayList<>();
    channel.events.listeners(List.of(new Telling(said)));
    watch.start();

    discovery.listener().onEndpoints(List.of(A, B));
    discovery.listener().onEndpoints(List.of(B, A));
    discovery.listener().onEndpoints(List.of(B.withWeight(2), C));
    discovery.listener().onError(Status.UNAVAILABLE);

    assertEquals(List.of("+2 -0 ~0 =2", "+1 -1 ~1 =2", "UNAVAILABLE"), said);
  }

  @Test
  void listenerThatThrowsDoesNotKeepAListFromTheOthers() {
    List<String> said = new ArrayList<>();
    CallEvents broken =
        new CallEvents() {
          @Override
          public void onEndpoints(EndpointsChanged event) {
            throw new IllegalStateException("broken listener");
          }
        };
    channel.events.listeners(List.of(broken, new Telling(said)));
    watch.start();
    watch.watch(TARGET, heard);

    discovery.listener().onEndpoints(List.of(A));

    assertEquals(List.of("+1 -0 ~0 =1"), said);
    assertEquals(List.of(List.of(A)), heard.lists);
  }

  @Test
  void listThatTookEffectIsAnEventWithTheVeryList() {
    List<List<Endpoint>> applied = new ArrayList<>();
    TestBalancer test = new TestBalancer(channel);
    List<Endpoint> first = List.of(A, B);
    List<Endpoint> second = List.of(B);
    channel.events.listeners(
        List.of(
            new CallEvents() {
              @Override
              public void onEndpointsApplied(EndpointsApplied event) {
                assertEquals(TARGET, event.target());
                assertFalse(test.helper.publications.isEmpty(), "before it was published");
                applied.add(event.endpoints());
              }
            }));

    test.list(first);
    test.list(List.of(B, A)); // the same list
    test.list(second);

    assertEquals(2, applied.size());
    assertSame(first, applied.get(0));
    assertSame(second, applied.get(1));
  }

  private record Telling(List<String> said) implements CallEvents {
    @Override
    public void onEndpoints(EndpointsChanged event) {
      said.add(
          "+%d -%d ~%d =%d"
              .formatted(
                  event.added().size(),
                  event.removed().size(),
                  event.changed().size(),
                  event.size()));
    }

    @Override
    public void onDiscoveryError(DiscoveryFailed event) {
      said.add(event.error().getCode().name());
    }
  }
}
