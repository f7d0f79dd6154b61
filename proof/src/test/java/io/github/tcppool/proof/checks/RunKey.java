package io.github.tcppool.proof.checks;

import io.github.tcppool.TlsOptions;
import io.github.tcppool.cli.tls.ThrowAwayKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key that is made for one run of the tests, for servers on loopback; kept nowhere. */
public final class RunKey {

  private RunKey() {}

  /** Made when it is first needed. */
  private static final class Once {
    static final ThrowAwayKey KEY = make();
    static final SSLContext TRUST = trusting(KEY);
  }

  private static ThrowAwayKey make() {
    try {
      return ThrowAwayKey.make("127.0.0.1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext trusting(ThrowAwayKey key) {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("own", key.certificate());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(null, trust.getTrustManagers(), null);
      return made;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a server shows. */
  public static SSLContext server() {
    return Once.KEY.context();
  }

  /** What a pool trusts: that server, and nobody else. */
  public static TlsOptions client() {
    return TlsOptions.defaults().context(Once.TRUST);
  }
}
