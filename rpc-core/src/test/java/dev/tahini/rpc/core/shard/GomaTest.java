package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GomaTest {
  private static final List<Endpoint> TWINS =
      List.of(Endpoints.at("10.0.0.1:9"), Endpoints.at("10.0.0.2:80"), Endpoints.at("10.0.0.1:80"));

  @Test
  void addressWithSeveralPortsCountsOnce() {
    ShardMap.Table twins = ShardMaps.goma().build(TWINS);
    ShardMap.Table two = ShardMaps.goma().build(List.of(Endpoints.A, Endpoints.B));

    assertEquals(two.share(0), twins.share(2));
    assertEquals(two.share(1), twins.share(1));
    assertEquals(0, twins.share(0));
  }

  @Test
  void ofOneAddressThePortThatIsNoOwnerIsTheLastOfEveryKey() {
    ShardMap.Table table = ShardMaps.goma().build(TWINS);

    for (long hash = 0; hash < 1L << 32; hash += 1L << 24) {
      int[] owners = new int[3];
      assertEquals(3, table.owners(hash, owners));
      assertEquals(0, owners[2]);
      assertEquals(0, table.owner(hash, index -> index == 0));
    }
  }

  @Test
  void weightsDoNotMatter() {
    ShardMap.Table plain = ShardMaps.goma().build(Endpoints.endpoints(5));
    ShardMap.Table weighted =
        ShardMaps.goma()
            .build(
                Endpoints.endpoints(5).stream()
                    .map(any -> any.withWeight(1 + any.addressText().charAt(7) % 7))
                    .toList());

    assertArrayEquals(shares(plain), shares(weighted));
  }

  private static double[] shares(ShardMap.Table table) {
    return IntStream.range(0, 5).mapToDouble(table::share).toArray();
  }

  @Test
  void moreAddressesThanThereIsRoomForAreRefused() {
    List<Host> hosts =
        IntStream.range(0, 46_341).mapToObj(i -> new Host("host-" + i, 1, i)).toList();

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new Goma().ring(hosts));

    assertEquals(
        "IP addresses: 46341 (expected: at most 46340 for the shard map goma)", e.getMessage());
  }
}
