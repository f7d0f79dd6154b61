package io.github.tcppool.internal.tls;

import io.github.tcppool.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What was read from the files of {@link TlsOptions}, and when they were changed last.
 *
 * @param context has a cache of sessions of its own, so none is resumed with other credentials
 * @param stamps what the files looked like before they were read
 */
record Credentials(SSLContext context, Shown shown, List<Stamp> stamps) {

  /** Enough of a file to see that it was replaced. */
  record Stamp(Path file, Object key, long modifiedMillis, long bytes) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = seen.fileKey() == null ? file : seen.fileKey();
      return new Stamp(file, key, seen.lastModifiedTime().toMillis(), seen.size());
    }
  }

  /** Reads them. */
  static Credentials read(TlsOptions options) throws IOException {
    List<Stamp> stamps = stamps(options);
    Optional<Shown.Pair> pair = Optional.empty();
    if (options.identity().isPresent()) {
      pair = Optional.of(pair(options.identity().get()));
    }
    Shown shown = new Shown(pair);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {shown}, new TrustManager[] {new Verdicts(judge(options))}, null);
      return new Credentials(context, shown, stamps);
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS with these options: " + e.getMessage(), e);
    }
  }

  /** Whether a file was replaced since it was read. */
  boolean areOld(TlsOptions options) throws IOException {
    return !stamps.equals(stamps(options));
  }

  private static List<Stamp> stamps(TlsOptions options) throws IOException {
    List<Path> files = new ArrayList<>();
    options.trust().ifPresent(files::add);
    options.revocations().ifPresent(files::add);
    options.identity().ifPresent(shown -> files.addAll(List.of(shown.chain(), shown.key())));
    List<Stamp> stamps = new ArrayList<>();
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }

  private static Shown.Pair pair(TlsOptions.Identity identity) throws IOException {
    List<X509Certificate> chain = Pem.certificates(identity.chain());
    PrivateKey key = Pem.key(identity.key(), identity.password());
    if (!chain.get(0).getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
      throw new IOException(
          identity.key()
              + " must be the key of the first certificate in "
              + identity.chain()
              + ", but is one of another algorithm");
    }
    return new Shown.Pair(key, chain);
  }

  private static X509ExtendedTrustManager judge(TlsOptions options)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    if (options.revocations().isPresent()) {
      factory.init(new CertPathTrustManagerParameters(withRevocations(options)));
    } else if (options.trust().isPresent()) {
      factory.init(authorities(options.trust().get()));
    } else {
      factory.init((KeyStore) null);
    }
    for (TrustManager made : factory.getTrustManagers()) {
      if (made instanceof X509ExtendedTrustManager judge) {
        return judge;
      }
    }
    throw new GeneralSecurityException("this JDK has no trust manager that checks host names");
  }

  private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : Pem.certificates(file)) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    return store;
  }

  private static PKIXBuilderParameters withRevocations(TlsOptions options)
      throws IOException, GeneralSecurityException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : trusted(options)) {
      anchors.add(new TrustAnchor(authority, null));
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection",
            new CollectionCertStoreParameters(
                Pem.revocations(options.revocations().orElseThrow()))));
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
    return parameters;
  }

  private static List<X509Certificate> trusted(TlsOptions options)
      throws IOException, GeneralSecurityException {
    if (options.trust().isPresent()) {
      return Pem.certificates(options.trust().get());
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init((KeyStore) null);
    List<X509Certificate> all = new ArrayList<>();
    for (TrustManager made : factory.getTrustManagers()) {
      if (made instanceof X509ExtendedTrustManager judge) {
        all.addAll(List.of(judge.getAcceptedIssuers()));
      }
    }
    return all;
  }
}
