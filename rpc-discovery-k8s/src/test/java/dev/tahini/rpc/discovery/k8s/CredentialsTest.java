package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final KubernetesOptions DEFAULTS = KubernetesOptions.defaults();

  @TempDir private Path account;

  @Test
  void podHasThemFromItsServiceAccount() throws IOException {
    Files.writeString(account.resolve("namespace"), "prod\n");
    Files.writeString(account.resolve("token"), "secret\n");

    Credentials found =
        Credentials.of(
            DEFAULTS,
            Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "6443"),
            account);

    assertEquals(URI.create("https://10.96.0.1:6443"), found.server());
    assertEquals(account.resolve("ca.crt"), found.ca());
    assertEquals("prod", found.namespace());
    assertEquals("secret", found.token());
  }

  @Test
  void serverMayHaveAnIpv6Address() {
    Credentials found =
        Credentials.of(DEFAULTS, Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"), account);

    assertEquals(URI.create("https://[fd00::1]:443"), found.server());
    assertNull(found.namespace());
  }

  @Test
  void rotatedTokenIsReadAgain() throws IOException {
    Path token = account.resolve("token");
    Credentials found =
        Credentials.of(DEFAULTS, Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1"), account);
    Files.writeString(token, "old");
    assertEquals("old", found.token());
    Files.writeString(token, "new");

    assertEquals("new", found.token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "one\ntwo", "o ne", "\u00fcber"})
  void tokenThatIsNoneIsNamedByItsFile(String content) throws IOException {
    Files.writeString(account.resolve("token"), content);
    Credentials found =
        Credentials.of(DEFAULTS, Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1"), account);

    IOException error = assertThrows(IOException.class, found::token);

    assertEquals(
        account.resolve("token") + ": no bearer token (expected: one, and nothing else)",
        error.getMessage());
  }

  @Test
  void emptyNamespaceIsNone() throws IOException {
    Files.writeString(account.resolve("namespace"), "\n");

    assertNull(
        Credentials.of(DEFAULTS, Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1"), account)
            .namespace());
  }

  @Test
  void optionsGoBeforeThePod() throws IOException {
    Credentials found =
        Credentials.of(
            DEFAULTS.withServer(URI.create("http://127.0.0.1:8001")).withNamespace("dev"),
            Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
            account);

    assertEquals(new Credentials(URI.create("http://127.0.0.1:8001"), null, null, "dev"), found);
    assertNull(found.token());
  }

  @Test
  void missingEnvironmentIsNamed() {
    InvalidValueException error =
        assertThrows(
            InvalidValueException.class, () -> Credentials.of(DEFAULTS, Map.of(), account));

    assertTrue(
        String.valueOf(error.getMessage()).startsWith("KUBERNETES_SERVICE_HOST: null (expected: "),
        error::toString);
  }

  @Test
  void fileWithoutCertificatesIsNamed() throws IOException {
    Path ca = Files.writeString(account.resolve("ca.crt"), "nothing");

    IOException error =
        assertThrows(
            IOException.class,
            () -> new Credentials(URI.create("https://127.0.0.1:1"), ca, null, null).sslContext());

    assertTrue(String.valueOf(error.getMessage()).contains("ca.crt"), error::toString);
  }
}
