package io.github.tcppool.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A small authority that exists for one run of the tests, and what it signs. */
public final class TestAuthority {

  private static final AtomicLong SERIAL = new AtomicLong(1);

  /** Trusted by what tests trust. */
  public static final TestAuthority TRUSTED = new TestAuthority("CN=Test authority");

  private final X500Principal name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /** A key and the certificates for it, the leaf first. */
  public record Issued(PrivateKey key, List<X509Certificate> chain) {

    /** A server's context with this certificate, which asks clients for nothing. */
    public SSLContext context() {
      return contextOf(this, TRUSTED);
    }

    /** The leaf. */
    public X509Certificate leaf() {
      return chain.get(0);
    }

    /** Writes the chain in PEM. */
    public Path chainIn(Path dir, String file) throws IOException {
      return write(dir.resolve(file), chain.toArray());
    }

    /** Writes the key in PEM, not encrypted. */
    public Path keyIn(Path dir, String file) throws IOException {
      return write(dir.resolve(file), new JcaPKCS8Generator(key, null));
    }

    /** Writes the key in PEM, encrypted with a password. */
    public Path keyIn(Path dir, String file, char[] password) throws Exception {
      String algorithm = "PBEWithHmacSHA256AndAES_256";
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)));
      byte[] sealed = cipher.doFinal(key.getEncoded());
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
      parameters.init(cipher.getParameters().getEncoded());
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(parameters, sealed);
      return write(dir.resolve(file), new PemObject("ENCRYPTED PRIVATE KEY", info.getEncoded()));
    }
  }

  /** An authority of this name. */
  public TestAuthority(String distinguishedName) {
    name = new X500Principal(distinguishedName);
    keys = newKeys("EC");
    certificate =
        sign(
            keys,
            certificate(name, keys, Instant.now().minusSeconds(3_600), Duration.ofDays(10), true));
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Writes its own certificate in PEM. */
  public Path in(Path dir, String file) throws IOException {
    return write(dir.resolve(file), certificate);
  }

  /** A certificate for these names and addresses, good for a day. */
  public Issued issue(String... names) {
    return issue("EC", Instant.now().minusSeconds(600), Duration.ofDays(1), names);
  }

  /** A certificate for these names and addresses. */
  public Issued issue(String algorithm, Instant from, Duration life, String... names) {
    KeyPair own = newKeys(algorithm);
    JcaX509v3CertificateBuilder builder =
        certificate(new X500Principal("CN=" + names[0]), own, from, life, false);
    GeneralName[] all = new GeneralName[names.length];
    for (int i = 0; i < names.length; i++) {
      boolean address = names[i].matches("[0-9.]+|.*:.*");
      all[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
    }
    try {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new Issued(own.getPrivate(), List.of(sign(keys, builder), certificate));
  }

  /** A certificate that is signed by its own key. */
  public static Issued selfSigned(String host) {
    TestAuthority itself = new TestAuthority("CN=" + host);
    return new Issued(itself.keys.getPrivate(), List.of(itself.certificate));
  }

  /** Writes a list of what is revoked. */
  public Path revoking(Path dir, String file, X509Certificate... revoked) throws Exception {
    Date now = Date.from(Instant.now().minusSeconds(60));
    JcaX509v2CRLBuilder list = new JcaX509v2CRLBuilder(name, now);
    list.setNextUpdate(Date.from(Instant.now().plusSeconds(3_600)));
    for (X509Certificate one : revoked) {
      list.addCRLEntry(one.getSerialNumber(), now, CRLReason.keyCompromise);
    }
    X509CRL made = new JcaX509CRLConverter().getCRL(list.build(signer(keys)));
    return write(dir.resolve(file), made);
  }

  /** A context that shows one certificate and trusts one authority. */
  public static SSLContext contextOf(Issued shown, TestAuthority trusted) {
    try {
      char[] password = "only in memory".toCharArray();
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry("own", shown.key(), password, shown.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(own, password);
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("authority", trusted.certificate);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
      return made;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 2_048 : 256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private JcaX509v3CertificateBuilder certificate(
      X500Principal subject, KeyPair own, Instant from, Duration life, boolean authority) {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(from),
            Date.from(from.plus(life)),
            subject,
            own.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return builder;
  }

  private static X509Certificate sign(KeyPair by, JcaX509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(by)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(KeyPair by) {
    try {
      String algorithm = by.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA";
      return new JcaContentSignerBuilder("SHA256with" + algorithm).build(by.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path write(Path file, Object... things) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter out = new JcaPEMWriter(text)) {
      for (Object thing : things) {
        out.writeObject(thing);
      }
    }
    return Files.writeString(file, text.toString());
  }
}
