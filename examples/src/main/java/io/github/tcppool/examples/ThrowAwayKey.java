package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key and a certificate that vouches for itself, made by the JDK's keytool for one run. */
final class ThrowAwayKey implements AutoCloseable {

  private final Path dir;
  private final String password = UUID.randomUUID().toString();

  private ThrowAwayKey(Path dir) {
    this.dir = dir;
  }

  static ThrowAwayKey make(String address) throws IOException {
    ThrowAwayKey key = new ThrowAwayKey(Files.createTempDirectory("throw-away"));
    key.keytool(
        "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + address, "-ext", "san=ip:" + address);
    key.keytool("-exportcert", "-rfc", "-file", key.certificate().toString());
    return key;
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store().toString(), "-storepass:env", "STORE_PASS"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STORE_PASS", password); // a command line is for all to see
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making a key", e);
    }
  }

  private Path store() {
    return dir.resolve("key.p12");
  }

  /** The certificate, in PEM. */
  Path certificate() {
    return dir.resolve("certificate.pem");
  }

  /** What a server shows the certificate with. */
  SSLContext context() throws IOException {
    try (InputStream in = Files.newInputStream(store())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password.toCharArray());
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(keys, password.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(store());
    Files.deleteIfExists(certificate());
    Files.delete(dir);
  }
}
