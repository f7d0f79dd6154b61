package io.github.tcppool.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads PEM files (RFC 7468) with what the JDK has. */
final class Pem {

  /** No certificate, key or list of authorities in use is nearly as long. */
  private static final int MOST_BYTES = 4 << 20;

  private static final String KEY = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private Pem() {}

  /** The certificates in a file, at least one. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    byte[] content = content(file);
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (var certificate : factory.generateCertificates(new ByteArrayInputStream(content))) {
        found.add((X509Certificate) certificate);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " must hold certificates in PEM: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IOException(file + " must hold at least 1 certificate, but has none");
    }
    return found;
  }

  /** The revocation lists in a file, at least one. */
  static Collection<? extends CRL> revocations(Path file) throws IOException {
    try {
      Collection<? extends CRL> found =
          CertificateFactory.getInstance("X.509")
              .generateCRLs(new ByteArrayInputStream(content(file)));
      if (found.isEmpty()) {
        throw new IOException(file + " must hold at least 1 revocation list, but has none");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " must hold revocation lists: " + e.getMessage(), e);
    }
  }

  /** The private key in a file. Nothing of the file is left in memory but the key. */
  static PrivateKey key(Path file, Optional<Supplier<char[]>> password) throws IOException {
    byte[] content = content(file);
    byte[] plain = {};
    try {
      Optional<byte[]> bare = block(content, KEY, file);
      if (bare.isPresent()) {
        plain = bare.get();
      } else {
        byte[] sealed = block(content, ENCRYPTED, file).orElseThrow(() -> noKey(content, file));
        plain = decrypt(sealed, password, file);
      }
      return keyIn(plain, file);
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static IOException noKey(byte[] content, Path file) {
    String text = new String(content, US_ASCII);
    String hint =
        text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIVATE KEY")
            ? "; it has an older form: openssl pkcs8 -topk8 -nocrypt -in old.key -out new.key"
            : "";
    return new IOException(file + " must hold a private key in PKCS #8, but has none" + hint);
  }

  private static byte[] decrypt(byte[] sealed, Optional<Supplier<char[]>> password, Path file)
      throws IOException {
    char[] secret =
        password
            .orElseThrow(() -> new IOException(file + " is encrypted, so it must have a password"))
            .get();
    PBEKeySpec spec = new PBEKeySpec(secret);
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(sealed);
      String algorithm = nameOf(info);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(spec),
          info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be opened with this password", e);
    } finally {
      spec.clearPassword();
      Arrays.fill(secret, '\0');
    }
  }

  /** The parameters know which of the algorithms of PBES2 it is. */
  private static String nameOf(EncryptedPrivateKeyInfo info) {
    return info.getAlgName().equals("PBES2")
            || info.getAlgName().startsWith("1.2.840.113549.1.5.13")
        ? info.getAlgParameters().toString()
        : info.getAlgName();
  }

  private static PrivateKey keyIn(byte[] plain, Path file) throws IOException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(plain);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // of another algorithm
      } catch (GeneralSecurityException e) {
        throw new IOException(file + ": no " + algorithm + " in this JDK", e);
      }
    }
    throw new IOException(file + " must hold a key of one of " + ALGORITHMS + ", but does not");
  }

  /** The bytes between the lines that begin and end a block. */
  private static Optional<byte[]> block(byte[] content, String label, Path file)
      throws IOException {
    int begin = indexOf(content, "-----BEGIN " + label + "-----", 0);
    if (begin < 0) {
      return Optional.empty();
    }
    int from = begin + label.length() + 16;
    int to = indexOf(content, "-----END " + label + "-----", from);
    if (to < 0) {
      throw new IOException(file + " must have an end of its " + label + ", but has none");
    }
    byte[] text = Arrays.copyOfRange(content, from, to);
    try {
      return Optional.of(Base64.getMimeDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " must hold base 64, but does not");
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static int indexOf(byte[] content, String line, int from) {
    byte[] wanted = line.getBytes(US_ASCII);
    for (int i = from; i + wanted.length <= content.length; i++) {
      if (Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MOST_BYTES + 1);
      if (content.length > MOST_BYTES) {
        throw new IOException(file + " must have at most " + MOST_BYTES + " bytes, but has more");
      }
      return content;
    }
  }
}
