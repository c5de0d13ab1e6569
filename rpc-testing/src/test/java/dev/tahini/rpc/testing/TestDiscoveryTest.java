package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TestDiscoveryTest {
  private static final String TARGET = "greeter.prod:grpc";
  private static final Endpoint A = endpoint(1);
  private static final Endpoint B = endpoint(2);
  private static final Endpoint C = endpoint(3);

  private final FakeTime time = new FakeTime();
  private final TestDiscovery discovery = new TestDiscovery(time);
  private final Heard heard = new Heard();
  @AutoClose private final Opened opened = new Opened();

  private static Endpoint endpoint(int last) {
    return Endpoint.of(new InetSocketAddress("192.0.2." + last, 80));
  }

  private Discovery.Subscription watch() {
    return discovery.watch(Target.parse(TARGET), heard);
  }

  @Test
  void saysNothingBeforeTheTestDoes() {
    Discovery.Subscription watch = watch();

    assertEquals(List.of(), heard.said);
    assertNull(watch.lastConfirmed());
  }

  @Test
  void saysWhatIsSetAddedAndRemoved() {
    watch();

    discovery.set(A);
    discovery.add(B);
    discovery.add(A.withWeight(3));
    discovery.remove(B.address());
    discovery.empty();

    assertEquals(List.of("[A]", "[A, B]", "[A weight=3, B]", "[A weight=3]", "[]"), heard.said);
  }

  @Test
  void whatWasSetBeforeIsToldToANewWatch() {
    discovery.set(A);

    watch();

    assertEquals(List.of("[A]"), heard.said);
  }

  @Test
  void listThatIsNoOtherIsNotToldAgain() {
    watch();

    discovery.set(A, B);
    discovery.set(B, A);

    assertEquals(List.of("[A, B]"), heard.said);
  }

  @Test
  void failureKeepsTheListAndEndsWithTheNext() {
    watch();

    discovery.set(A);
    discovery.fail(Status.UNAVAILABLE);
    discovery.set(A);
    discovery.fail(Status.UNAVAILABLE);
    discovery.set(B);

    assertEquals(List.of("[A]", "UNAVAILABLE", "confirmed", "UNAVAILABLE", "[B]"), heard.said);
  }

  @Test
  void watchThatBeginsDuringAFailureHearsBoth() {
    discovery.set(A);
    discovery.fail(Status.INTERNAL);

    watch();

    assertEquals(List.of("[A]", "INTERNAL"), heard.said);
  }

  @Test
  void silentSourceTellsItsLastWordWhenItResumes() {
    Discovery.Subscription watch = watch();
    discovery.set(A);
    var confirmed = time.now();
    discovery.goSilent();
    time.advance(Duration.ofMinutes(1));

    discovery.set(B);
    discovery.set(C);
    assertEquals(List.of("[A]"), heard.said);
    assertEquals(confirmed, watch.lastConfirmed());

    discovery.resume();
    assertEquals(List.of("[A]", "[C]"), heard.said);
    assertEquals(time.now(), watch.lastConfirmed());
  }

  @Test
  void closedWatchHearsNothing() {
    Discovery.Subscription watch = watch();

    watch.close();
    discovery.set(A);

    assertEquals(List.of(), heard.said);
    assertEquals(0, discovery.on(TARGET).watches());
  }

  @Test
  void targetsCanBeToldApart() {
    Heard other = new Heard();
    watch();
    discovery.watch(Target.parse("cache.prod:grpc"), other);

    discovery.on(TARGET).set(A);
    discovery.on("cache.prod:grpc").set(B);
    discovery.set(C);

    assertEquals(List.of("[A]", "[C]"), heard.said);
    assertEquals(List.of("[B]", "[C]"), other.said);
  }

  @Test
  void requestsForALookUpAreCounted() {
    Discovery.Subscription watch = watch();

    watch.refresh();
    watch.refresh();

    assertEquals(2, discovery.on(TARGET).refreshes());
  }

  @Test
  void addressThatIsListedTwiceIsRefusedAndChangesNothing() {
    watch();
    discovery.set(A);

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> discovery.set(B, C, B.withWeight(2)));

    assertTrue(String.valueOf(e.getMessage()).startsWith("address: 192.0.2.2:80 (expected: each"));
    assertEquals(List.of("[A]"), heard.said);
  }

  @Test
  void addressThatIsNotListedIsNotRemoved() {
    discovery.set(A);

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> discovery.remove(B.address()));

    assertTrue(String.valueOf(e.getMessage()).contains("one of those listed"), e::toString);
  }

  @Test
  void failureThatIsOkIsRefused() {
    assertThrows(InvalidValueException.class, () -> discovery.fail(Status.OK));
  }

  @Test
  void schemesAreTheTests() {
    assertEquals(Set.of("test"), discovery.schemes());
    assertEquals(Set.of("k8s", "dns"), new TestDiscovery("k8s", "dns").schemes());
  }

  @Test
  void awaitAppliedReturnsWhenCallsGoToTheNewList() throws Exception {
    RpcTestServer first = opened.add(RpcTestServer.inProcess(new EchoService()));
    RpcTestServer second = opened.add(RpcTestServer.inProcess(new EchoService()));
    RpcClient<Echo> client = opened.add(client(true));

    for (int round = 0; round < 200; round++) {
      RpcTestServer listed = round % 2 == 0 ? first : second;
      discovery.set(listed.endpoint());
      discovery.awaitApplied();

      List<BackendSnapshot> backends = client.view().snapshot().backends();
      assertEquals(List.of(listed.endpoint()), endpoints(backends));
      assertEquals("hello", client.stub().echo("hello"));
      assertEquals(1, client.view().snapshot().backends().get(0).started(), "round " + round);
    }
  }

  @Test
  void awaitAppliedDoesNotWaitForWhatASilentSourceHasNotTold() {
    opened.add(client(true));
    discovery.set(A);
    discovery.goSilent();
    discovery.set(B);

    discovery.awaitApplied();
  }

  @Test
  void awaitAppliedIsContentWithAListThatCameBackDuringASilence() {
    opened.add(client(true));
    discovery.set(A, B);
    discovery.awaitApplied();
    discovery.goSilent();
    discovery.remove(B.address());
    discovery.add(B);
    discovery.resume();

    discovery.awaitApplied();
  }

  @Test
  void awaitAppliedDoesNotWaitForAClientThatIsBeingClosed() throws Exception {
    EchoService service = new EchoService();
    RpcTestServer server = opened.add(RpcTestServer.inProcess(service));
    discovery.set(server.endpoint());
    RpcClient<Echo> client = opened.add(client(true)); // with a grace of 5 s
    CompletableFuture<String> call = client.stub().start("wait");
    service.waits.get(10, TimeUnit.SECONDS);
    Thread closing = new Thread(client::close);
    closing.start();
    new Changes().await(() -> "the watch to end", () -> discovery.on(TARGET).watches() == 0);

    discovery.set(A);
    discovery.awaitApplied();

    assertFalse(call.isDone(), "the client was closed before it was waited for");
    server.close(); // ends the call
    closing.join();
  }

  @Test
  void changeThatOneTargetRefusesChangesNoOther() {
    Heard other = new Heard();
    watch();
    discovery.watch(Target.parse("cache.prod:grpc"), other);
    discovery.set(A);

    assertThrows(InvalidValueException.class, () -> discovery.set(B, B));

    assertEquals(List.of("[A]"), heard.said);
    assertEquals(List.of("[A]"), other.said);
  }

  @Test
  void listenerThatThrowsKeepsNothingFromTheOthers() {
    discovery.watch(
        Target.parse(TARGET),
        new Discovery.Listener() {
          @Override
          public void onEndpoints(List<Endpoint> endpoints) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void onError(Status error) {}
        });
    watch();

    IllegalStateException e = assertThrows(IllegalStateException.class, () -> discovery.set(A));

    assertEquals("broken", String.valueOf(requireNonNull(e.getCause()).getMessage()));
    assertEquals(List.of("[A]"), heard.said);
  }

  @Test
  void awaitAppliedDoesNotWaitForClientsThatAreClosed() {
    discovery.set(A);
    client(true).close();
    discovery.set(B);

    discovery.awaitApplied();
  }

  @Test
  void awaitAppliedNeedsToHearOfTheClients() {
    opened.add(client(false));
    discovery.set(A);

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> discovery.awaitApplied());

    assertTrue(String.valueOf(e.getMessage()).contains(".feature(discovery)"), e::toString);
  }

  private RpcClient<Echo> client(boolean heardOf) {
    RpcClient.Builder<Echo> builder =
        RpcClient.builder(TARGET, Echo::new)
            .discovery(discovery)
            .channelFactory(new InProcessChannelFactory())
            .plaintext();
    return (heardOf ? builder.feature(discovery) : builder).build();
  }

  private static List<Endpoint> endpoints(List<BackendSnapshot> backends) {
    return backends.stream().map(BackendSnapshot::endpoint).toList();
  }

  /** In a few letters. */
  private static final class Heard implements Discovery.Listener {
    final List<String> said = new ArrayList<>();

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      said.add(
          endpoints.stream()
              .map(e -> e.toString().replaceFirst("192.0.2.1:80", "A"))
              .map(e -> e.replaceFirst("192.0.2.2:80", "B").replaceFirst("192.0.2.3:80", "C"))
              .collect(Collectors.joining(", ", "[", "]")));
    }

    @Override
    public void onError(Status error) {
      said.add(error.getCode().name());
    }

    @Override
    public void onConfirmed() {
      said.add("confirmed");
    }
  }
}
