package dev.tahini.rpc.examples.demo;

import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TableRendererTest {
  private final TableRenderer renderer = new TableRenderer();

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Frame frame =
        new Frame(
            "One killed",
            Duration.ofMillis(12_340),
            12_345,
            2,
            List.of(
                new Frame.Row(
                    "127.0.0.1:5001",
                    READY,
                    1_234,
                    0.251,
                    3,
                    5_400_000,
                    200_700_000,
                    OptionalInt.of(251)),
                new Frame.Row(
                    "127.0.0.1:50002", TRANSIENT_FAILURE, 0, 0, 0, 0, 0, OptionalInt.empty())));

    assertEquals(
        List.of(
            "12.3 s  One killed  12,345 calls, 2 failed",
            "backend          state              calls   share  in flight     p50       p99  keys",
            "127.0.0.1:5001   READY              1,234  25.1 %          3  5.4 ms  200.7 ms   251",
            "127.0.0.1:50002  TRANSIENT_FAILURE      0   0.0 %          0       -         -     -"),
        renderer.render(frame));
  }

  @Test
  void anEmptyListOfBackendsIsAHeaderOnly() {
    assertEquals(2, renderer.render(new Frame("", Duration.ZERO, 0, 0, List.of())).size());
  }

  @Property
  void numbersOfAnySizeStayInTheirColumn(
      @ForAll @LongRange(min = 0) long calls, @ForAll @LongRange(min = 0) long nanos) {
    Frame.Row large =
        new Frame.Row("a:1", READY, calls, 1, 0, nanos, nanos, OptionalInt.of(Integer.MAX_VALUE));
    Frame.Row small = new Frame.Row("b:22", READY, 1, 0, 1, 1_000, 1_000, OptionalInt.of(1));

    List<String> lines =
        renderer.render(new Frame("any", Duration.ZERO, 1, 0, List.of(large, small)));

    assertEquals(lines.get(1).length(), lines.get(2).length());
    assertEquals(lines.get(1).length(), lines.get(3).length());
  }
}
