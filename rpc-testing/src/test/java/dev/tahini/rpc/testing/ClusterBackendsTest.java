package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterBackendsTest {
  private static final UnaryOperator<Endpoint> AS_IT_IS = UnaryOperator.identity();

  private final Changes changes = new Changes();

  private ClusterBackends backends(String prefix, @Nullable RuntimeException onOpen) {
    return new ClusterBackends(
        List.of(name -> new EchoService()),
        new BrittleTransport(prefix, onOpen),
        new TestBackend.Surroundings(
            prefix,
            new AttemptLog(changes),
            changes,
            TimeSource.system().scheduler(),
            TimeSource.system().scheduler()));
  }

  @Test
  void backendWhoseFrontDoesNotCloseEndsAndSoDoTheOthers() throws Exception {
    ClusterBackends backends = backends("brittle-end-", null);
    TestBackend a = backends.start("a", AS_IT_IS, null);
    TestBackend b = backends.start("b", AS_IT_IS, null);
    Endings endings = new Endings();
    backends.endBy(endings);

    IllegalStateException e = assertThrows(IllegalStateException.class, endings::await);

    assertEquals("test cluster: a does not close", e.getMessage());
    assertFalse(a.isUp());
    assertFalse(b.isUp());
    assertFree("brittle-end-a");
    assertFree("brittle-end-b");
  }

  private static void assertFree(String inProcess) throws IOException {
    InProcessServerBuilder.forName(inProcess).build().start().shutdownNow();
  }

  @Test
  void backendThatCannotStartTellsWhyAlsoIfItDoesNotClose() {
    IllegalStateException reason = new IllegalStateException("does not open");
    ClusterBackends backends = backends("brittle-start-", reason);

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> backends.start("a", AS_IT_IS, null));

    assertSame(reason, e);
    assertEquals("test cluster: a does not close", e.getSuppressed()[0].getMessage());
  }

  @Test
  void backendOfABadEndpointTellsWhyAlsoIfItsFrontDoesNotClose() {
    ClusterBackends backends = backends("brittle-front-", null);
    Endpoint elsewhere = Endpoint.of(new InProcessSocketAddress("elsewhere"));

    InvalidValueException e =
        assertThrows(
            InvalidValueException.class, () -> backends.start("a", its -> elsewhere, null));

    assertEquals("test cluster: a does not close", e.getSuppressed()[0].getMessage());
  }

  /** Names in this JVM that cannot be given up. */
  private record BrittleTransport(String prefix, @Nullable RuntimeException onOpen)
      implements Transport {
    @Override
    public Front newFront(String backend, @Nullable Integer port) {
      return new BrittleFront(backend, new InProcessFront(prefix + backend, null), onOpen);
    }

    @Override
    public ChannelFactory channelFactory() {
      return new InProcessChannelFactory();
    }

    @Override
    public void close() {}
  }

  private record BrittleFront(String name, Front sound, @Nullable RuntimeException onOpen)
      implements Front {
    @Override
    public SocketAddress address() {
      return sound.address();
    }

    @Override
    public ServerBuilder<?> newServer() {
      return sound.newServer();
    }

    @Override
    public void open(Server server) {
      if (onOpen != null) {
        throw onOpen;
      }
    }

    @Override
    public void shut() {}

    @Override
    public void cut() {}

    @Override
    public boolean isPassable() {
      return true;
    }

    @Override
    public Relay sockets(String fault) {
      return sound.sockets(fault);
    }

    @Override
    public void close() {
      throw new IllegalStateException(name + " does not close");
    }
  }
}
