package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.hosts.HostsFileParser;

/** The system's files. */
class SystemConfigTest {
  @TempDir private Path folder;

  @Test
  void serversAndDomainsAreThoseOfTheFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("resolv.conf"),
            """
            # made by hand
            search prod.svc.cluster.local svc.cluster.local
            nameserver 10.96.0.10
            nameserver fd00::10
            options ndots:5 timeout:1
            """);

    assertEquals(
        new DnsConfig(
            List.of(ServerAddress.parse("10.96.0.10"), ServerAddress.parse("[fd00::10]")),
            new SearchList(
                List.of(
                    Replies.name("prod.svc.cluster.local."), Replies.name("svc.cluster.local.")),
                5)),
        new SystemConfig(file).get());
  }

  @Test
  void changedFileIsReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("resolv.conf"), "nameserver 10.0.0.1\n");
    SystemConfig config = new SystemConfig(file);
    config.get();
    Files.writeString(file, "nameserver 10.0.0.2\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));

    assertEquals(List.of(ServerAddress.parse("10.0.0.2")), config.get().servers());
    Files.delete(file);
    assertEquals(List.of(ServerAddress.parse("10.0.0.2")), config.get().servers());
  }

  @Test
  void fileWithoutServersMeansThisMachine() throws IOException {
    Path file = Files.writeString(folder.resolve("resolv.conf"), "search test\n");

    assertEquals(
        InetAddress.getLoopbackAddress(),
        new SystemConfig(file).get().servers().get(0).getAddress());
  }

  @Test
  void missingFileIsNoError() {
    assertFalse(new SystemConfig(folder.resolve("none")).get().servers().isEmpty());
  }

  @Test
  void hostsFileHasAddressesOfBothFamilies() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("hosts"), "10.0.0.1 greeter greeter.test\nfd00::1 greeter\n");
    HostsFile hosts = new HostsFile(new HostsFileParser(file));

    assertEquals(2, found(hosts.lookUp(Replies.name("greeter"), Family.BOTH)));
    assertEquals(1, found(hosts.lookUp(Replies.name("Greeter"), Family.V6)));
    assertEquals(1, found(hosts.lookUp(Replies.name("greeter.test."), Family.BOTH)));
    assertNull(hosts.lookUp(Replies.name("greeter.test"), Family.V6));
    assertNull(hosts.lookUp(Replies.name("other"), Family.BOTH));
  }

  @Test
  void missingHostsFileIsNoError() {
    HostsFile hosts = new HostsFile(new HostsFileParser(folder.resolve("none")));

    assertNull(hosts.lookUp(Replies.name("greeter"), Family.BOTH));
  }

  private static int found(@Nullable Resolved<InetAddress> addresses) {
    return Objects.requireNonNull(addresses).values().size();
  }
}
