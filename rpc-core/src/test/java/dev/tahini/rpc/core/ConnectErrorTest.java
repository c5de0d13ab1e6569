package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

class ConnectErrorTest {
  private static final Status IO = Status.UNAVAILABLE.withDescription("io exception");

  @Test
  void descriptionIsSaidAlone() {
    assertEquals("io exception", ConnectError.describe(IO));
  }

  @Test
  void onlyTheFirstLineIsSaid() {
    Status dump = Status.UNAVAILABLE.withDescription("io exception\nChannel Pipeline: [a, b]");

    assertEquals("io exception", ConnectError.describe(dump));
  }

  @Test
  void rootCauseIsAdded() {
    IOException root = new ConnectException("Connection refused: /10.0.0.1:80");
    Status status = IO.withCause(new IOException("finish connect", root));

    assertEquals("io exception (Connection refused: /10.0.0.1:80)", ConnectError.describe(status));
  }

  @Test
  void causeThatIsSaidAlreadyIsNotSaidTwice() {
    Status status =
        Status.UNAVAILABLE
            .withDescription("connection closed by the peer")
            .withCause(new IOException("closed"));

    assertEquals("connection closed by the peer", ConnectError.describe(status));
  }

  @Test
  void clientWithTlsAtAPlaintextServerIsToldOfPlaintext() {
    Status status =
        IO.withCause(new IOException("not an SSL/TLS record: 00001204000000000000037fffffff"));

    assertTrue(
        ConnectError.describe(status)
            .endsWith("; if the server speaks plaintext, the client needs .plaintext()"));
  }

  @Test
  void addressOfAnotherTransportIsSaidToBeOne() {
    Status status = IO.withCause(new UnsupportedAddressTypeException());

    assertTrue(ConnectError.describe(status).endsWith("needs its ChannelFactory"));
  }

  @Test
  void causeWithoutMessageAddsNothing() {
    assertEquals("io exception", ConnectError.describe(IO.withCause(new IOException())));
  }

  @Test
  void statusWithoutDescriptionIsItsCode() {
    assertEquals("UNAVAILABLE", ConnectError.describe(Status.UNAVAILABLE));
    assertEquals(
        "UNAVAILABLE (refused)",
        ConnectError.describe(Status.UNAVAILABLE.withCause(new IOException("refused"))));
  }

  @Test
  void serverThatDoesNotBeginAsHttp2IsAskedAbout() {
    Status status =
        Status.UNAVAILABLE
            .withDescription("http2 exception")
            .withCause(new IOException("First received frame was not SETTINGS. Hex dump: 48"));

    assertEquals(
        "http2 exception (First received frame was not SETTINGS. Hex dump: 48)"
            + "; is it a server of HTTP/1?",
        ConnectError.describe(status));
  }
}
