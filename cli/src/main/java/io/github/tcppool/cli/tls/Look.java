package io.github.tcppool.cli.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows in a handshake, whether it is to be trusted or not.
 *
 * @param lines protocol, cipher suite and certificates, ready to be shown once they are escaped
 * @param problem what is wrong, or null
 */
public record Look(List<String> lines, @Nullable String problem) {

  private static final int MOST_CHARS = 300;

  /**
   * Makes the handshake over a connected socket, which is of no use for anything else afterwards.
   *
   * @param host the name that the certificate must be for
   * @param authorities a PEM file, or null for those of the JDK
   * @param timeoutMillis for all of it, so that a server which says a byte now and then ends as
   *     well
   */
  public static Look at(Socket socket, String host, @Nullable Path authorities, int timeoutMillis)
      throws IOException {
    try {
      Witness witness = Witness.asking(authorities == null ? null : read(authorities));
      SSLSocket tls =
          (SSLSocket)
              witness
                  .context()
                  .getSocketFactory()
                  .createSocket(socket, host, socket.getPort(), true);
      SSLParameters terms = tls.getSSLParameters();
      terms.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      terms.setEndpointIdentificationAlgorithm("HTTPS");
      if (host.matches(".*[A-Za-z].*") && host.indexOf(':') < 0) {
        terms.setServerNames(List.of(new SNIHostName(host)));
      }
      tls.setSSLParameters(terms);
      handshake(tls, socket, timeoutMillis);
      return of(tls, witness);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot look at certificates: " + e.getMessage(), e);
    }
  }

  private static void handshake(SSLSocket tls, Socket below, int timeoutMillis) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              close(below);
            },
            CompletableFuture.delayedExecutor(timeoutMillis, TimeUnit.MILLISECONDS));
    try {
      tls.startHandshake();
    } catch (IOException e) {
      throw late.get() ? new SocketTimeoutException("TLS handshake timed out") : e;
    } finally {
      alarm.cancel(false);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // its descriptor is gone in any case
    }
  }

  private static Look of(SSLSocket tls, Witness witness) {
    List<String> lines = new ArrayList<>();
    lines.add(tls.getSession().getProtocol() + ", " + tls.getSession().getCipherSuite());
    int number = 1;
    for (X509Certificate certificate : witness.chain()) {
      lines.add(
          "certificate "
              + number++
              + ": "
              + certificate.getSubjectX500Principal().getName()
              + names(certificate));
      lines.add("  by " + certificate.getIssuerX500Principal().getName());
      lines.add("  valid " + validity(certificate, Instant.now()));
      lines.add("  SHA-256 " + Fingerprint.of(certificate));
    }
    lines.replaceAll(Look::cut);
    Throwable verdict = witness.verdict();
    return new Look(lines, verdict == null ? null : reason(verdict));
  }

  private static String names(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null ? "" : ", for " + names.stream().map(name -> name.get(1)).toList();
    } catch (GeneralSecurityException e) {
      return "";
    }
  }

  private static String validity(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String span = from + " to " + to;
    if (now.isBefore(from)) {
      return span + ", not yet";
    }
    long days = Duration.between(now, to).toDays();
    return span + (now.isAfter(to) ? ", EXPIRED" : ", " + days + " days left");
  }

  private static String reason(Throwable verdict) {
    Throwable root = verdict;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof CertificateExpiredException) {
      return "expired";
    }
    if (root instanceof CertificateNotYetValidException) {
      return "not valid yet";
    }
    return cut(root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage());
  }

  /** A certificate may hold names without end. */
  private static String cut(String line) {
    return line.length() > MOST_CHARS ? line.substring(0, MOST_CHARS) + "..." : line;
  }

  private static KeyStore read(Path authorities) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authorities)) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, one);
      }
    }
    return store;
  }
}
