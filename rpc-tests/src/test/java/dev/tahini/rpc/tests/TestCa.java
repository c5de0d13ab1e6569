package dev.tahini.rpc.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of the test's own. Immutable. */
final class TestCa {
  private static final Duration HOUR = Duration.ofHours(1);

  private final X500Principal name = new X500Principal("CN=Test CA " + UUID.randomUUID());
  private final KeyPair keys = newKeys();
  private final X509Certificate certificate = issue(name, keys, true);

  /** What trusts this authority, and no other. */
  ChannelCredentials trust() {
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(pem("CERTIFICATE", certificate.getEncoded()))
          .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a server of these names, or IP addresses, shows. */
  ServerCredentials serverNamed(String... names) {
    KeyPair serverKeys = newKeys();
    X509Certificate issued = issue(new X500Principal("CN=server"), serverKeys, false, names);
    try {
      return TlsServerCredentials.create(
          pem("CERTIFICATE", issued.getEncoded()),
          pem("PRIVATE KEY", serverKeys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate issue(
      X500Principal subject, KeyPair subjectKeys, boolean isCa, String... names) {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(HOUR)),
            Date.from(now.plus(HOUR)),
            subject,
            subjectKeys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
      if (names.length > 0) {
        GeneralName[] all =
            Arrays.stream(names).map(TestCa::generalName).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GeneralName generalName(String name) {
    boolean isIp = name.chars().allMatch(c -> c == '.' || Character.isDigit(c));
    return new GeneralName(isIp ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String text = "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    return new ByteArrayInputStream(text.getBytes(US_ASCII));
  }
}
