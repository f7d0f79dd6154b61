package io.github.tcppool.cli.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets every handshake through and keeps what it saw: the certificates, and what a judge would have
 * said. Nothing may be sent over such a connection that is not for everybody.
 */
public final class Witness extends X509ExtendedTrustManager {

  private final @Nullable X509ExtendedTrustManager judge;
  private volatile List<X509Certificate> chain = List.of();
  private volatile @Nullable CertificateException verdict;

  private Witness(@Nullable X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  /** One that has no opinion. */
  public static Witness blind() {
    return new Witness(null);
  }

  /** One that asks the JDK what it thinks, with these authorities or, for null, its own. */
  public static Witness asking(@Nullable KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(authorities);
    for (TrustManager made : factory.getTrustManagers()) {
      if (made instanceof X509ExtendedTrustManager one) {
        return new Witness(one);
      }
    }
    throw new GeneralSecurityException("this JDK cannot judge certificates");
  }

  /** A context whose handshakes it sees. */
  public SSLContext context() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {this}, null);
    return context;
  }

  /** The certificates of the last handshake, the server's own first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** What was wrong with them, or null. */
  public @Nullable CertificateException verdict() {
    return verdict;
  }

  private interface Question {
    void ask(X509ExtendedTrustManager judge) throws CertificateException;
  }

  private void see(X509Certificate[] shown, Question question) {
    chain = List.of(shown);
    verdict = null;
    X509ExtendedTrustManager asked = judge;
    if (asked == null) {
      return;
    }
    try {
      question.ask(asked);
    } catch (CertificateException e) {
      verdict = e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType, Socket socket) {
    see(shown, asked -> asked.checkServerTrusted(shown, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType, SSLEngine engine) {
    see(shown, asked -> asked.checkServerTrusted(shown, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] shown, String authType) {
    see(shown, asked -> asked.checkServerTrusted(shown, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType, Socket socket)
      throws CertificateException {
    throw clients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType, SSLEngine engine)
      throws CertificateException {
    throw clients();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] shown, String authType)
      throws CertificateException {
    throw clients();
  }

  private static CertificateException clients() {
    return new CertificateException("only servers are looked at");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
