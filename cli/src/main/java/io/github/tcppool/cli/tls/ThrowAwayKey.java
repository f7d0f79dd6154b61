package io.github.tcppool.cli.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key that is good for one run: made by the JDK's keytool, which is the only way to make a
 * certificate with a JDK alone, and gone from the disk when it has been read.
 *
 * @param context shows the certificate
 * @param certificate vouches for itself
 */
public record ThrowAwayKey(SSLContext context, X509Certificate certificate) {

  private static final String ALIAS = "key";

  /** Makes one for this address and for localhost; takes about a second. */
  public static ThrowAwayKey make(String address) throws IOException {
    Path dir = Files.createTempDirectory("tcp-pool-key");
    Path store = dir.resolve("key.p12");
    String password = UUID.randomUUID().toString();
    try {
      run(store, address, password);
      return read(store, password.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use the key that keytool made", e);
    } finally {
      Files.deleteIfExists(store);
      Files.delete(dir);
    }
  }

  private static void run(Path store, String address, String password) throws IOException {
    ProcessBuilder keytool =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-validity",
                "30",
                "-dname",
                "CN=tcp-pool serve",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:" + address,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "STORE_PASS"));
    keytool.environment().put("STORE_PASS", password); // a command line is for all to see
    keytool.redirectErrorStream(true);
    Process process = keytool.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("keytool failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making a key", e);
    }
  }

  private static ThrowAwayKey read(Path store, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new ThrowAwayKey(context, (X509Certificate) keys.getCertificate(ALIAS));
  }
}
