package io.github.tcppool.internal.tls;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's verdict on certificates, with an account of which certificate it was and why it was
 * refused.
 */
final class Verdicts extends X509ExtendedTrustManager {

  private final X509ExtendedTrustManager judge;

  Verdicts(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  private interface Question {
    void ask() throws CertificateException;
  }

  private static void explained(X509Certificate[] chain, Question question)
      throws CertificateException {
    try {
      question.ask();
    } catch (CertificateException e) {
      // The path validator's own failure stays the cause: from it the JDK picks the alert.
      Throwable cause = e.getCause() instanceof CertPathValidatorException ? e.getCause() : e;
      throw new CertificateException("certificate refused: " + reason(e) + describe(chain), cause);
    }
  }

  private static String describe(X509Certificate[] chain) {
    if (chain == null || chain.length == 0) {
      return "";
    }
    X509Certificate leaf = chain[0];
    return "; it is of \""
        + Told.shown(leaf.getSubjectX500Principal().getName())
        + "\", by \""
        + Told.shown(leaf.getIssuerX500Principal().getName())
        + "\", valid from "
        + leaf.getNotBefore().toInstant()
        + " to "
        + leaf.getNotAfter().toInstant()
        + ", SHA-256 "
        + fingerprint(leaf);
  }

  private static String reason(CertificateException e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    if (root instanceof CertificateExpiredException) {
      return "it, or one above it, has expired";
    }
    if (root instanceof CertificateNotYetValidException) {
      return "it, or one above it, is not valid yet";
    }
    String told = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return Told.shown(told);
  }

  /** The SHA-256 digest in hex, as other tools print it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").formatHex(digest);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      return "unknown";
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    explained(chain, () -> judge.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    explained(chain, () -> judge.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    explained(chain, () -> judge.checkServerTrusted(chain, authType));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    explained(chain, () -> judge.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    explained(chain, () -> judge.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    explained(chain, () -> judge.checkClientTrusted(chain, authType));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
