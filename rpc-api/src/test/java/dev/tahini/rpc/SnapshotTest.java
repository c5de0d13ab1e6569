package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  @Test
  void backendIsReadOnce() {
    FakeBackend backend = new FakeBackend("10.0.0.1");
    backend.inFlight = 2;
    backend.succeeded = 5;
    backend.failed.put(Status.Code.ABORTED, 3L);
    backend.latencyNanos = 1_500;
    backend.lastError = Status.ABORTED;

    BackendSnapshot snapshot = BackendSnapshot.of(backend);
    backend.inFlight = 9;
    backend.state = ConnectivityState.IDLE;

    assertEquals(
        new BackendSnapshot(
            backend.endpoint(),
            "10.0.0.1:80",
            ConnectivityState.READY,
            FakeBackend.SINCE,
            2,
            10,
            5,
            Map.of(Status.Code.ABORTED, 3L),
            Duration.ofNanos(1_500),
            Status.ABORTED),
        snapshot);
  }

  @Test
  void codesWithoutFailuresAreLeftOut() {
    assertEquals(Map.of(), BackendSnapshot.of(new FakeBackend("10.0.0.1")).failed());
  }

  @Test
  void codesCannotBeChanged() {
    Map<Status.Code, Long> failed = BackendSnapshot.of(new FakeBackend("10.0.0.1")).failed();

    assertThrows(UnsupportedOperationException.class, () -> failed.put(Status.Code.ABORTED, 1L));
  }

  @Test
  void readyBackendsOfAClientAreCounted() {
    FakeBackend connecting = new FakeBackend("10.0.0.2");
    connecting.state = ConnectivityState.CONNECTING;
    ClientSnapshot snapshot =
        new ClientSnapshot(
            FakeBackend.SINCE,
            Target.parse("h"),
            "FakeDiscovery",
            "standard",
            true,
            FakeBackend.SINCE,
            null,
            List.of(
                BackendSnapshot.of(new FakeBackend("10.0.0.1")), BackendSnapshot.of(connecting)),
            List.of(),
            List.of());

    assertEquals(1, snapshot.ready());
  }
}
