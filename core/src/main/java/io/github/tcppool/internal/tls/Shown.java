package io.github.tcppool.internal.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the one identity that there is, or none, and remembers which servers asked for it: under
 * TLS 1.3 such a server gives its verdict only after the handshake.
 */
final class Shown extends X509ExtendedKeyManager {

  /** A key and the certificates that speak for it. */
  record Pair(PrivateKey key, List<X509Certificate> chain) {}

  private static final String ALIAS = "identity";

  private final Optional<Pair> pair;
  private final Set<SSLEngine> asked = ConcurrentHashMap.newKeySet();

  Shown(Optional<Pair> pair) {
    this.pair = pair;
  }

  /** Whether the peer of this engine asked who we are. */
  boolean wasAsked(SSLEngine engine) {
    return asked.contains(engine);
  }

  /** Forgets an engine whose handshake is over. */
  void forget(SSLEngine engine) {
    asked.remove(engine);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    asked.add(engine);
    return chooseClientAlias(keyTypes, issuers, null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return pair.filter(own -> Arrays.asList(keyTypes).contains(own.key().getAlgorithm()))
        .map(own -> ALIAS)
        .orElse(null);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return pair.isPresent() ? new String[] {ALIAS} : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return pair.map(own -> own.chain().toArray(new X509Certificate[0])).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return pair.map(Pair::key).orElse(null);
  }

  // ---- a client has no use for these ----

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
