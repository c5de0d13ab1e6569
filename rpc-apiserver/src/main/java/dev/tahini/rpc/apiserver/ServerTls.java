package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
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

/** A certificate authority of its own, and the server's certificate by it. Immutable. */
final class ServerTls {
  private static final Duration VALIDITY = Duration.ofDays(1);
  private static final X500Principal SERVER = new X500Principal("CN=kube-apiserver");

  private final X500Principal authority = new X500Principal("CN=Test CA " + UUID.randomUUID());
  private final KeyPair authorityKeys;
  private final X509Certificate authorityCertificate;
  private final SSLContext context;

  private ServerTls() throws GeneralSecurityException, OperatorCreationException, IOException {
    authorityKeys = newKeys();
    authorityCertificate = sign(builder(authority, authorityKeys, true));
    KeyPair serverKeys = newKeys();
    X509v3CertificateBuilder server = builder(SERVER, serverKeys, false);
    GeneralName[] names = {
      new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
      new GeneralName(GeneralName.dNSName, "localhost")
    };
    server.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    context = context(serverKeys, sign(server));
  }

  static ServerTls create() {
    try {
      return new ServerTls();
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String caCertificatePem() {
    try {
      Base64.Encoder mime = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));
      return "-----BEGIN CERTIFICATE-----\n"
          + mime.encodeToString(authorityCertificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same connection as the server's side of TLS, shaken hands. */
  Socket wrap(Socket raw) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(raw, "127.0.0.1", raw.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private X509v3CertificateBuilder builder(X500Principal subject, KeyPair keys, boolean isAuthority)
      throws IOException {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
            authority,
            BigInteger.valueOf(now.toEpochMilli())
                .shiftLeft(1)
                .add(isAuthority ? BigInteger.ONE : BigInteger.ZERO),
            Date.from(now.minus(VALIDITY)),
            Date.from(now.plus(VALIDITY)),
            subject,
            keys.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
  }

  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate())));
  }

  private static SSLContext context(KeyPair keys, X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = new char[0];
    store.setKeyEntry("server", keys.getPrivate(), password, new X509Certificate[] {certificate});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
