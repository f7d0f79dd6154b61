package io.github.tcppool.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The JDK's TLS over sockets of both ends, with a key that is made for this run and kept nowhere.
 */
public final class Tls {

  private Tls() {}

  /** Made when it is first needed. */
  private static final class Once {
    static final SSLContext CONTEXT = make();
  }

  /** One that trusts itself. */
  public static SSLContext context() {
    return Once.CONTEXT;
  }

  /** The client's end over a connected socket; closing it closes the one below. */
  static SSLSocket client(Socket below) throws IOException {
    return (SSLSocket) factory().createSocket(below, "localhost", below.getPort(), true);
  }

  /** The server's end over an accepted socket. */
  static SSLSocket server(Socket below) throws IOException {
    return (SSLSocket) factory().createSocket(below, InputStream.nullInputStream(), true);
  }

  private static SSLSocketFactory factory() {
    return context().getSocketFactory();
  }

  private static SSLContext make() {
    char[] password = UUID.randomUUID().toString().toCharArray();
    try {
      Path dir = Files.createTempDirectory("keys");
      Path file = dir.resolve("keys.p12");
      try {
        generate(file, new String(password));
        return contextWith(keysIn(file, password), password);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(dir);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key for this run", e);
    }
  }

  private static void generate(Path file, String password) throws IOException {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making a key", e);
    }
  }

  private static KeyStore keysIn(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, password);
    }
    return keys;
  }

  private static SSLContext contextWith(KeyStore keys, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return made;
  }
}
