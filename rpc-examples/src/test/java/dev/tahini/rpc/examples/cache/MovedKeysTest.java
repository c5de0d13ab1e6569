package dev.tahini.rpc.examples.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.shard.ShardMaps;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MovedKeysTest {
  private static final List<Endpoint> SERVERS =
      IntStream.rangeClosed(1, 5).mapToObj(MovedKeysTest::server).toList();

  private final MovedKeys moved =
      MovedKeys.of(
          ShardMaps.standard(),
          SERVERS.subList(0, 4),
          SERVERS.get(4),
          IntStream.range(0, 10_000).mapToObj(i -> "user-" + i).toList());

  private static Endpoint server(int number) {
    return Endpoint.of(new InetSocketAddress("10.0.0." + number, 50061));
  }

  @Test
  void fifthServerGetsAFifthOfTheKeys() {
    assertEquals(2_000, moved.toNewcomer(), 100);
  }

  @Test
  void noKeyMovesBetweenTheOthers() {
    assertEquals(0, moved.betweenOthers());
  }

  @Test
  void saysWhatMovedAsTheDocumentsHaveIt() {
    assertEquals(
        "1,994 of 10,000 keys moved to the new server, 0 between the others", moved.toString());
  }
}
