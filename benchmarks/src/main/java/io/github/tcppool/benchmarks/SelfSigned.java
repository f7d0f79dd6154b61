package io.github.tcppool.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for the loopback interface and its key, made by keytool for one run, in a file that
 * another process can read.
 */
final class SelfSigned implements AutoCloseable {

  private final Path dir;
  private final String password = UUID.randomUUID().toString();

  private SelfSigned(Path dir) {
    this.dir = dir;
  }

  static SelfSigned make() throws IOException, InterruptedException {
    SelfSigned made = new SelfSigned(Files.createTempDirectory("tls"));
    try {
      made.generate();
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void generate() throws IOException, InterruptedException {
    ProcessBuilder keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass:env",
                "STORE_PASS",
                "-keystore",
                store().toString())
            .redirectErrorStream(true);
    keytool.environment().put("STORE_PASS", password);
    Process process = keytool.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }

  Path store() {
    return dir.resolve("key.p12");
  }

  String password() {
    return password;
  }

  SSLContext context() throws IOException, GeneralSecurityException {
    return context(store(), password.toCharArray());
  }

  /** One that shows and trusts what is in the store. */
  static SSLContext context(Path store, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, password);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(store());
    Files.delete(dir);
  }
}
