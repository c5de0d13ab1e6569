package dev.tahini.rpc.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import io.grpc.ConnectivityState;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The contract of a {@link Picker.Factory} and its pickers: what every pick does to calls, and what
 * a picker must not do to the client.
 *
 * <pre>{@code
 * class ByTenantTest extends PickerFactoryContract {
 *   @Override
 *   protected Picker.Factory newFactory() {
 *     return new ByTenant();
 *   }
 *
 *   @Override
 *   protected Endpoint decorate(Endpoint plain, int number) {
 *     return plain.withAttribute("tenant", "tenant-" + number);
 *   }
 *
 *   @Override
 *   protected Pick pick(int call, List<Endpoint> listed) {
 *     Endpoint one = listed.get(call % listed.size());
 *     return Pick.with("by_tenant", one.attributes().get("tenant"));
 *   }
 *
 *   @Override
 *   protected boolean isBoundToOneBackend() {
 *     return true;
 *   }
 * }
 * }</pre>
 */
public abstract class PickerFactoryContract extends PickerContract {
  private static final long NEXT_TO_NOTHING_BYTES = 500;

  private @Nullable WatchedFactory factory;

  /** For implementers. */
  protected PickerFactoryContract() {}

  /**
   * Makes the factory; asked once in each test.
   *
   * @return a new one
   */
  protected abstract Picker.Factory newFactory();

  /**
   * Whether a pick allocates nothing, as it should.
   *
   * @return true unless overridden
   */
  protected boolean picksWithoutAllocating() {
    return true;
  }

  /** The name is always the same: calls ask by it, and it is read once. */
  @Test
  protected void nameIsAlwaysTheSame() {
    NumberFleet fleet = fleet(1);
    String name = factory().name();
    fleet.listReady(0);
    fleet.call(pick(0, fleet.listed()));

    assertEquals(name, factory().name(), "name() changed: calls that ask by it find no picker");
    assertEquals(
        name, pick(0, fleet.listed()).picker(), "what calls ask for is not what name() says");
  }

  /**
   * One picker serves a list whatever becomes of its connections: it is made once for the list, and
   * reads the backends' states live.
   */
  @Test
  protected void pickerIsMadeOncePerListAndReadsStatesLive() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1);
    fleet.call(pick(0, fleet.listed())).assertOk("all backends are ready");
    fleet.kill(0);
    fleet.awaitState(0, ConnectivityState.TRANSIENT_FAILURE);
    for (int i = 0; i < 4; i++) {
      Answer answer = fleet.call(pick(i, fleet.listed()));
      answer.assertOkOrUnavailable("one of two servers is away");
      assertTrue(
          answer.status().isOk() || isBoundToOneBackend(),
          () -> "the picker was made when both were there, and does not look again: " + answer);
    }
    assertEquals(1, factory().made().size(), "pickers made for one list");
    fleet.listReady(1, 2);
    assertEquals(2, factory().made().size(), "pickers made for two lists");
  }

  /** Nothing is thrown, and no backend of another list is chosen, whatever happens. */
  @Test
  protected void pickerNeverThrowsAndKeepsToItsList() {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1);
    callEachWay(fleet);
    fleet.listReady(1, 2);
    callEachWay(fleet);
    fleet.kill(1);
    callEachWay(fleet);
    fleet.awaitState(1, ConnectivityState.TRANSIENT_FAILURE);
    callEachWay(fleet);

    assertEquals(List.of(), factory().wrongs(), "what went wrong in the picker");
  }

  private void callEachWay(NumberFleet fleet) {
    Attempts call = new Attempts();
    for (int i = 0; i < 4; i++) {
      Pick pick = pick(i, fleet.listed());
      fleet.view().explain(pick);
      fleet.call(pick);
      fleet.call(pick, call.next());
    }
  }

  /** A pick allocates nothing, once it has been compiled. */
  @Test
  protected void pickAllocatesNothing(TestReporter reporter) {
    NumberFleet fleet = fleet(3);
    fleet.listReady(0, 1, 2);
    List<Pick> picks = IntStream.range(0, 16).mapToObj(i -> pick(i, fleet.listed())).toList();
    Picker picker = factory().made().get(0).picker();

    OptionalLong bytes = Allocations.leastBytes(picker, picks);

    if (bytes.isEmpty()) {
      reporter.publishEntry("allocations", "not measured: this JVM does not count them");
      return;
    }
    reporter.publishEntry("allocations", bytes + " bytes in " + Allocations.PICKS + " picks");
    assertTrue(
        bytes.getAsLong() <= NEXT_TO_NOTHING_BYTES || !picksWithoutAllocating(),
        () -> Allocations.PICKS + " picks allocated " + bytes.getAsLong() + " bytes");
  }

  /** One factory serves several clients at once, each with the backends of its own. */
  @Test
  protected void factoryServesSeveralClients() {
    NumberFleet one = fleet(2);
    NumberFleet other = fleet(2);
    one.listReady(0, 1);
    other.listReady(0, 1);

    for (int i = 0; i < 10; i++) {
      one.call(pick(i, one.listed())).assertOk("another client has the same factory");
      other.call(pick(i, other.listed())).assertOk("another client has the same factory");
    }
  }

  @Override
  final List<Picker.Factory> factories() {
    return List.of(factory());
  }

  private WatchedFactory factory() {
    WatchedFactory known = factory;
    if (known != null) {
      return known;
    }
    Picker.Factory made = newFactory();
    assertNotNull(made, "newFactory() returned null");
    WatchedFactory watched = new WatchedFactory(made);
    factory = watched;
    return watched;
  }

  /** The next test has another. */
  @AfterEach
  void forgetFactory() {
    factory = null;
  }
}
