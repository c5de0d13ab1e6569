package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerZoneTest {
  private final ServerZone zone = new ServerZone("demo.test", 1);

  @Test
  void everyServerHasAHostAndAPort() {
    assertEquals(
        List.of(
            "delete _grpc._tcp.servers.demo.test. SRV",
            "add server-1.demo.test. 1 A 127.0.0.1",
            "add _grpc._tcp.servers.demo.test. 1 SRV 0 10 5001 server-1.demo.test.",
            "add server-2.demo.test. 1 A 127.0.0.1",
            "add _grpc._tcp.servers.demo.test. 1 SRV 0 10 5002 server-2.demo.test."),
        zone.list(List.of("127.0.0.1:5001", "127.0.0.1:5002")));
  }

  @Test
  void aServerKeepsItsNameWhenAnotherGoes() {
    var unused = zone.list(List.of("127.0.0.1:5001", "127.0.0.1:5002"));

    assertEquals(
        List.of(
            "delete _grpc._tcp.servers.demo.test. SRV",
            "delete server-1.demo.test. A",
            "delete server-2.demo.test. A",
            "add server-2.demo.test. 1 A 127.0.0.1",
            "add _grpc._tcp.servers.demo.test. 1 SRV 0 10 5002 server-2.demo.test."),
        zone.list(List.of("127.0.0.1:5002")));
  }
}
