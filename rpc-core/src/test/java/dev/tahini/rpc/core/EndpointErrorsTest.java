package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a source that fails. */
class EndpointErrorsTest {
  private static final Target TARGET = Target.parse(TestChannel.TARGET);

  private final TestChannel channel = new TestChannel();
  private final FakeDiscovery discovery = new FakeDiscovery("fake");
  private final EndpointWatch watch =
      new EndpointWatch(TARGET, discovery, channel.backends, channel.events);
  private final HeardAnswers heard = new HeardAnswers();

  @Test
  void errorNeverEmpties() {
    watch.start();
    discovery.listener().onEndpoints(List.of(A, B));

    discovery.listener().onError(Status.UNAVAILABLE);
    watch.watch(TARGET, heard);

    assertEquals(2, channel.backends.current().backends().size());
    assertEquals(List.of(List.of(A, B)), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void errorBeforeTheFirstListNamesTheTargetAndTheCause() {
    watch.start();
    watch.watch(TARGET, heard);
    Exception cause = new IllegalStateException("no route");

    discovery
        .listener()
        .onError(Status.NOT_FOUND.withDescription("no such service").withCause(cause));

    Status error = heard.onlyError();
    assertEquals(Status.Code.UNAVAILABLE, error.getCode());
    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: no such service",
        error.getDescription());
    assertSame(cause, error.getCause());
  }

  @Test
  void errorWithoutDescriptionIsItsCode() {
    watch.start();
    watch.watch(TARGET, heard);

    discovery.listener().onError(Status.PERMISSION_DENIED);

    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: PERMISSION_DENIED",
        heard.onlyError().getDescription());
  }

  @Test
  void resolverThatAttachesLateGetsTheErrorBeforeTheFirstList() {
    watch.start();
    discovery.listener().onError(Status.UNAVAILABLE.withDescription("refused"));

    watch.watch(TARGET, heard);

    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: refused",
        heard.onlyError().getDescription());
  }

  @Test
  void errorIsShownUntilTheSourceAnswersAgain() {
    Status refused = Status.UNAVAILABLE.withDescription("refused");
    watch.start();
    assertNull(watch.lastError());

    discovery.listener().onError(refused);
    assertSame(refused, watch.lastError());
    discovery.listener().onConfirmed();
    assertNull(watch.lastError());

    discovery.listener().onError(refused);
    discovery.listener().onEndpoints(List.of(A));
    assertNull(watch.lastError());
  }

  @Test
  void targetThatTheDiscoveryRefusesIsRefused() {
    discovery.toThrow = new InvalidValueException("option", "x", "none");

    assertSame(discovery.toThrow, assertThrows(InvalidValueException.class, watch::start));
  }
}
