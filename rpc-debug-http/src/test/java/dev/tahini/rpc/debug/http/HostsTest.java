package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final Hosts hosts = new Hosts(Set.of("debug.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8095",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.0.0.1:8095",
        "10.1.2.3:8095",
        "[::1]:8095",
        "[2001:db8::1]",
        "debug.example:80",
        "Debug.Example"
      })
  void answered(String header) {
    assertTrue(hosts.allow(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "evil.example:8095",
        "localhost.evil.example",
        "debug.example.evil",
        "127.0.0.1.evil.example",
        "localhost:99999",
        "localhost:x",
        "a b",
        "[::1",
        "debug.example@evil.example"
      })
  void refused(String header) {
    assertFalse(hosts.allow(header));
  }
}
