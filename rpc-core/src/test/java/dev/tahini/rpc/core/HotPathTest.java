package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pick allocates nothing, whatever the number of backends. */
class HotPathTest {
  private static final int PICKS = 20_000;
  private static final int ROUNDS = 10;
  private static final long NEXT_TO_NOTHING_BYTES = 500;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TestBalancer test = new TestBalancer();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 100})
  void leastLoadedAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));

    assertAllocatesNothing(FakePickArgs.of(Pick.leastLoaded()));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void leastLoadedOfACallThatTriedSomeAllocatesNothing(int count) {
    List<LiveBackend> listed = test.ready(Endpoints.endpoints(count));
    Attempts attempts = TestChannel.tried(listed.get(0), listed.get(1));
    test.channel.state.linkCalls();

    assertAllocatesNothing(FakePickArgs.of(Pick.leastLoaded(), attempts));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void randomAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));

    assertAllocatesNothing(FakePickArgs.of(Pick.random()));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void randomOfAUsersGeneratorAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));

    assertAllocatesNothing(FakePickArgs.of(Pick.random(new Random(1))));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void addressAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));

    assertAllocatesNothing(FakePickArgs.of(Pick.address("10.0.0.2:80")));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void shardAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));
    buildTable();

    assertAllocatesNothing(FakePickArgs.of(Pick.shard("user-4711")));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void shardAllocatesNothingWhileItsOwnerFails(int count) {
    test.ready(Endpoints.endpoints(count));
    buildTable();
    FakeSubchannel owner = (FakeSubchannel) test.pick(Pick.shard("user-4711")).getSubchannel();
    owner.fail("reset");

    assertAllocatesNothing(FakePickArgs.of(Pick.shard("user-4711")));
    assertTrue(test.pick(Pick.shard("user-4711")).getSubchannel() != owner);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void replicasOfAKeyAllocateNothing(int count) {
    test.ready(Endpoints.endpoints(count));
    buildTable();

    assertAllocatesNothing(FakePickArgs.of(Pick.shard("user-4711").replicas(3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void shardThatOverflowsAllocatesNothing(int count) {
    test.ready(Endpoints.endpoints(count));
    buildTable();
    Pick bounded = Pick.shard("user-4711").bounded(1);
    TestChannel.load((LiveBackend) requireNonNull(test.channel.pick(bounded)), 1);

    assertAllocatesNothing(FakePickArgs.of(bounded));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100})
  void callThatWaitsAllocatesNothing(int count) {
    test.list(Endpoints.endpoints(count));

    SubchannelPicker picker = test.helper.last().picker();
    FakePickArgs args = FakePickArgs.of(Pick.leastLoaded());
    assertEquals(0, picks(picker, args));
    assertAllocatesNothing(leastBytes(picker, args));
  }

  private void buildTable() {
    test.pick(Pick.shard("user-4711"));
    test.channel.executor.runAll();
  }

  private void assertAllocatesNothing(FakePickArgs args) {
    SubchannelPicker picker = test.helper.last().picker();
    assertEquals(PICKS, picks(picker, args));
    assertAllocatesNothing(leastBytes(picker, args));
  }

  private static void assertAllocatesNothing(long bytes) {
    assertTrue(bytes <= NEXT_TO_NOTHING_BYTES, bytes + " bytes in " + PICKS + " picks");
  }

  /** Of several rounds the least: the compiler may be at work in the others. */
  private long leastBytes(SubchannelPicker picker, FakePickArgs args) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      int sent = picks(picker, args);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(sent == 0 || sent == PICKS);
      least = Math.min(least, bytes);
    }
    return least;
  }

  private static int picks(SubchannelPicker picker, FakePickArgs args) {
    int sent = 0;
    for (int i = 0; i < PICKS; i++) {
      sent += picker.pickSubchannel(args).getSubchannel() == null ? 0 : 1;
    }
    return sent;
  }
}
