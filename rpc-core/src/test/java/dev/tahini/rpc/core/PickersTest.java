package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.ConnectivityState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickersTest {

  @ParameterizedTest
  @ValueSource(strings = {"least_loaded", "random", "address", "shard"})
  void nameOfOneOfTheLibrarysPickersIsRefused(String name) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> maker(new FakeFactory(name)));

    assertEquals(
        "picker: "
            + name
            + " (expected: the name of a user's Picker.Factory; Pick has methods for its own)",
        e.getMessage());
  }

  @Test
  void nameGivenTwiceIsRefused() {
    InvalidValueException e =
        assertThrows(
            InvalidValueException.class,
            () -> maker(new FakeFactory("mine"), new FakeFactory("mine")));

    assertEquals("picker: mine (expected: each name once)", e.getMessage());
  }

  @Test
  void unknownNameIsRefusedByNamingTheKnown() {
    Pickers.Maker maker = maker(new FakeFactory("one"), new FakeFactory("two"));

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> maker.check(Pick.with("three", null)));

    assertEquals("picker: three (expected: one of one, two)", e.getMessage());
  }

  @Test
  void unknownNameIsRefusedWhereThereIsNone() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> maker().check(Pick.with("three", null)));

    assertEquals(
        "picker: three"
            + " (expected: a Picker.Factory of that name given to the client, which has none)",
        e.getMessage());
  }

  @Test
  void knownPicksPass() {
    Pickers.Maker maker = maker(new FakeFactory("mine"));

    for (Pick pick :
        List.of(
            Pick.leastLoaded(),
            Pick.random(),
            Pick.shard("k"),
            Pick.address("a:1"),
            Pick.with("mine", "k"))) {
      assertDoesNotThrow(() -> maker.check(pick));
    }
  }

  @Test
  void usersPickerServesItsName() {
    TestChannel channel = new TestChannel(new FakeFactory("mine"));
    LiveBackend second = channel.connected(List.of(A, B)).get(1);

    assertSame(second, channel.pick(Pick.with("mine", "1")));
  }

  @Test
  void unknownNameHasNoPicker() {
    TestChannel channel = new TestChannel();
    channel.list(A);

    assertNull(channel.backends.current().pickers().of(Pick.with("mine", null)));
  }

  @Test
  void eachPickHasItsPicker() {
    TestChannel channel = new TestChannel();
    channel.list(A);
    Pickers pickers = channel.backends.current().pickers();

    assertEquals(LeastLoadedPicker.class, classOf(pickers.of(Pick.leastLoaded())));
    assertEquals(RandomPicker.class, classOf(pickers.of(Pick.random())));
    assertEquals(ShardPicker.class, classOf(pickers.of(Pick.shard("k"))));
    assertEquals(AddressPicker.class, classOf(pickers.of(Pick.address("a:1"))));
  }

  private static Class<?> classOf(@Nullable BackendPicker picker) {
    assertNotNull(picker);
    return picker.getClass();
  }

  @Test
  void pickerIsMadeOncePerListAndNotForAStateChange() {
    FakeFactory factory = new FakeFactory("mine");
    TestChannel channel = new TestChannel(factory);
    List<LiveBackend> listed = channel.connected(List.of(A, B));
    BackendPicker before = channel.picker(Pick.with("mine", null));

    channel.become(listed.get(0), ConnectivityState.TRANSIENT_FAILURE);
    channel.list(B, A);
    assertSame(before, channel.picker(Pick.with("mine", null)));
    assertEquals(1, factory.made.size());

    channel.list(A);
    assertNotSame(before, channel.picker(Pick.with("mine", null)));
    assertEquals(2, factory.made.size());
  }

  @Test
  void factoryIsNotAskedForAnEmptyList() {
    FakeFactory factory = new FakeFactory("mine");
    TestChannel channel = new TestChannel(factory);

    channel.list();

    assertEquals(0, factory.made.size());
    assertNull(channel.pick(Pick.with("mine", null)));
  }

  @Test
  void factorySeesTheListAndWhatIsReady() {
    FakeFactory factory = new FakeFactory("mine");
    TestChannel channel = new TestChannel(factory);
    List<LiveBackend> listed = channel.list(A, B);
    Picker.Backends given = factory.made.get(0);

    assertEquals(listed, given.all());
    assertEquals(0, given.ready().size());
    channel.become(listed.get(0), ConnectivityState.READY);
    channel.become(listed.get(1), ConnectivityState.READY);
    assertEquals(2, given.ready().size());
  }

  @Test
  void factoryCannotChangeTheList() {
    FakeFactory factory = new FakeFactory("mine");
    new TestChannel(factory).list(A, B);
    List<Backend> all = factory.made.get(0).all();

    assertThrows(UnsupportedOperationException.class, () -> all.remove(0));
  }

  @Test
  void factoryThatThrowsBreaksItsOwnPicksOnly() {
    assertBreaksItsOwnPicksOnly(
        new IllegalStateException("no table"), "java.lang.IllegalStateException: no table");
  }

  @Test
  void factoryThatThrowsAnErrorBreaksItsOwnPicksOnly() {
    assertBreaksItsOwnPicksOnly(
        new NoClassDefFoundError("x/Y"), "java.lang.NoClassDefFoundError: x/Y");
  }

  private static void assertBreaksItsOwnPicksOnly(Throwable thrown, String named) {
    FakeFactory broken = new FakeFactory("broken");
    broken.toThrow = thrown;
    TestChannel channel = new TestChannel(broken, new FakeFactory("mine"));

    LiveBackend a = channel.connected(List.of(A)).get(0);

    assertSame(a, channel.pick(Pick.leastLoaded()));
    assertSame(a, channel.pick(Pick.with("mine", "0")));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> channel.pick(Pick.with("broken", null)));
    assertEquals("its factory failed: " + named, e.getMessage());
  }

  @Test
  void factoryThatMakesNoPickerBreaksItsOwnPicksOnly() {
    TestChannel channel = new TestChannel(new NullFactory());

    LiveBackend a = channel.connected(List.of(A)).get(0);

    assertSame(a, channel.pick(Pick.leastLoaded()));
    assertThrows(RuntimeException.class, () -> channel.pick(Pick.with("null", null)));
  }

  private static Pickers.Maker maker(Picker.Factory... factories) {
    ShardTables shards = new ShardTables(ShardMaps.standard(), new ManualExecutor());
    Random random = new Random(1);
    return new Pickers.Maker(() -> random, shards, List.of(factories));
  }

  /** Picks the backend whose index is the key. */
  private static final class FakeFactory implements Picker.Factory {
    private final String name;
    final List<Picker.Backends> made = new ArrayList<>();
    @Nullable Throwable toThrow;

    FakeFactory(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Picker create(Picker.Backends backends) {
      made.add(backends);
      if (toThrow instanceof RuntimeException e) {
        throw e;
      }
      if (toThrow instanceof Error e) {
        throw e;
      }
      return request ->
          request.key() == null ? null : backends.all().get(Integer.parseInt(request.key()));
    }
  }

  /** As a user without null checks may write it. */
  private static final class NullFactory implements Picker.Factory {
    @Override
    public String name() {
      return "null";
    }

    @Override
    @SuppressWarnings("NullAway")
    public Picker create(Picker.Backends backends) {
      return null;
    }
  }
}
