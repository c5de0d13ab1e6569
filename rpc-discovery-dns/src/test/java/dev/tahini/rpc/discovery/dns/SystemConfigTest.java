package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class SystemConfigTest {
  @TempDir private Path folder;
  private Path file = Path.of("resolv.conf");
  private long modifiedMillis;

  @BeforeEach
  void placeFile() {
    file = folder.resolve("resolv.conf");
  }

  @Test
  void serversAndSearchAreRead() throws IOException {
    write(
        "# a comment",
        "nameserver 10.0.0.2",
        "nameserver 2001:db8::2",
        "search prod.svc.test svc.test",
        "options ndots:5 timeout:1");

    DnsConfig config = new SystemConfig(file).get();

    assertEquals(List.of(server("10.0.0.2"), server("2001:db8::2")), config.servers());
    assertEquals(
        new SearchList(List.of(name("prod.svc.test."), name("svc.test.")), 5), config.search());
  }

  @Test
  void withoutOptionsOneDotIsEnough() throws IOException {
    write("nameserver 10.0.0.2");

    assertEquals(new SearchList(List.of(), 1), new SystemConfig(file).get().search());
  }

  @Test
  void changedFileIsReadAgain() throws IOException {
    write("nameserver 10.0.0.2");
    SystemConfig config = new SystemConfig(file);
    config.get();

    write("nameserver 10.0.0.3");

    assertEquals(List.of(server("10.0.0.3")), config.get().servers());
  }

  @Test
  void unchangedFileIsReadOnce() throws IOException {
    write("nameserver 10.0.0.2");
    SystemConfig config = new SystemConfig(file);

    assertSame(config.get(), config.get());
  }

  @Test
  void withoutServersThisMachineIsAsked() throws IOException {
    write("search svc.test");

    assertEquals(
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53)),
        new SystemConfig(file).get().servers());
  }

  @Test
  void missingFileLeavesWhatTheLibraryKnows() {
    assertFalse(new SystemConfig(file).get().servers().isEmpty());
  }

  @Test
  void fileThatComesLaterIsRead() throws IOException {
    SystemConfig config = new SystemConfig(file);
    config.get();

    write("nameserver 10.0.0.2");

    assertEquals(List.of(server("10.0.0.2")), config.get().servers());
  }

  @Test
  void fileThatGoesLeavesWhatItSaid() throws IOException {
    write("nameserver 10.0.0.2");
    SystemConfig config = new SystemConfig(file);
    config.get();

    Files.delete(file);

    assertEquals(List.of(server("10.0.0.2")), config.get().servers());
  }

  @Test
  void folderInThePlaceOfTheFileIsLikeNone() throws IOException {
    Files.createDirectory(file);

    assertFalse(new SystemConfig(file).get().servers().isEmpty());
  }

  @Test
  void nonsenseIsPassedOver() throws IOException {
    write("\u0000\u0001", "options ndots:many", "search", "nameserver 10.0.0.2");

    assertEquals(List.of(server("10.0.0.2")), new SystemConfig(file).get().servers());
  }

  @Test
  void malformedFileLeavesWhatItSaidBefore() throws IOException {
    write("nameserver 10.0.0.2");
    SystemConfig config = new SystemConfig(file);
    config.get();

    write("nameserver");

    assertEquals(List.of(server("10.0.0.2")), config.get().servers());
  }

  /** Writes the file, later than the last time. */
  private void write(String... lines) throws IOException {
    Files.write(file, List.of(lines));
    modifiedMillis += 1000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(modifiedMillis));
  }

  private static InetSocketAddress server(String ip) {
    return new InetSocketAddress(ip, 53);
  }

  private static Name name(String text) {
    return Replies.name(text);
  }
}
