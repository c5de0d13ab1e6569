package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.hosts.HostsFileParser;

class HostsFileTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void addressesOfBothFamiliesAreFound() throws IOException {
    assertEquals(List.of("10.0.0.1", "2001:db8:0:0:0:0:0:1"), lookUp("a.test.", Family.BOTH));
  }

  @Test
  void onlyTheFamilyAskedForIsFound() throws IOException {
    assertEquals(List.of("10.0.0.1"), lookUp("a.test.", Family.V4));
    assertEquals(List.of("2001:db8:0:0:0:0:0:1"), lookUp("a.test.", Family.V6));
  }

  @Test
  void nameNeedsNoFinalDot() throws IOException {
    assertEquals(List.of("10.0.0.1"), lookUp("a.test", Family.V4));
  }

  @Test
  void secondNameOfALineIsFound() throws IOException {
    assertEquals(List.of("10.0.0.1"), lookUp("short", Family.V4));
  }

  @Test
  void unknownHostIsLeftToDns() throws IOException {
    assertNull(lookUp("b.test.", Family.BOTH));
  }

  @Test
  void familyThatIsNotListedIsLeftToDns() throws IOException {
    assertNull(lookUp("v4only.test.", Family.V6));
  }

  @Test
  void missingFileLeavesAllToDns() throws IOException {
    HostsFile none = new HostsFile(new HostsFileParser(folder.resolve("none")));

    assertNull(none.lookUp(Replies.name("a.test."), Family.BOTH));
  }

  @Test
  void listedHostHasNoTtlOfItsOwn() throws IOException {
    Resolved<InetAddress> found = file().lookUp(Replies.name("a.test."), Family.V4);

    assertEquals(Long.MAX_VALUE, assertPresent(found).ttlSeconds());
  }

  private @Nullable List<String> lookUp(String name, Family family) throws IOException {
    Resolved<InetAddress> found = file().lookUp(Replies.name(name), family);
    return found == null ? null : found.values().stream().map(InetAddress::getHostAddress).toList();
  }

  private HostsFile file() throws IOException {
    Path hosts = folder.resolve("hosts");
    Files.writeString(
        hosts,
        """
        # hosts of the test
        10.0.0.1 a.test short
        2001:db8::1 a.test
        10.0.0.4 v4only.test # with a comment
        """);
    return new HostsFile(new HostsFileParser(hosts));
  }

  private static Resolved<InetAddress> assertPresent(@Nullable Resolved<InetAddress> found) {
    assertNotNull(found);
    return found;
  }
}
