package io.github.tcppool;

import io.github.tcppool.internal.tls.ServerNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * How a pool speaks TLS. Immutable, and safe as it comes; each method returns changed options.
 *
 * <pre>{@code
 * TcpPool.builder("db.example:6514").tls()                                        // that is all
 * TcpPool.builder("10.0.0.7:6514").tls(TlsOptions.defaults()
 *     .trust(Path.of("ca.pem"))
 *     .identity(Path.of("client.pem"), Path.of("client.key"))
 *     .serverName("db.example"))
 * }</pre>
 *
 * <p>As it comes: TLS 1.3 or 1.2, the JDK's cipher suites, trust in the authorities that the JDK
 * trusts, and the certificate must be for the endpoint's host. A handshake that fails is a dial
 * that fails; nothing ever goes on in clear or with weaker terms. Failures that are most likely a
 * matter of configuration - unknown authority, expired, wrong host, no common protocol - are tried
 * again only after a second or more.
 *
 * <p>Files are read when the pool is built, and again after they have changed, at the next dial; so
 * a certificate is renewed by putting the new files in place. Files that cannot be read then leave
 * the old ones in use, and a warning in the log. Connections that exist keep what they were made
 * with until they end, by {@link PoolSettings#maxLifetime} or {@link TcpPool#evict}.
 */
public final class TlsOptions {

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final TlsOptions DEFAULTS = new TlsOptions();

  private Optional<Path> trust = Optional.empty();
  private Optional<Path> revocations = Optional.empty();
  private Optional<Identity> identity = Optional.empty();
  private Optional<Supplier<SSLContext>> context = Optional.empty();
  private Optional<String> serverName = Optional.empty();
  private List<String> protocols = PROTOCOLS;
  private List<String> cipherSuites = List.of();
  private List<String> applicationProtocols = List.of();
  private boolean requireCloseNotify = true;
  private boolean startedByHook;

  /**
   * What we show a server that asks who we are.
   *
   * @param chain a PEM file: our certificate, then those that lead to the authority
   * @param key a PEM file with the private key in PKCS #8
   * @param password what opens the key; asked for whenever it is read, and wiped after
   */
  public record Identity(Path chain, Path key, Optional<Supplier<char[]>> password) {

    /** Nothing may be null. */
    public Identity {
      Objects.requireNonNull(chain, "chain must not be null");
      Objects.requireNonNull(key, "key must not be null");
      Objects.requireNonNull(password, "password must not be null");
    }

    @Override
    public String toString() {
      return "Identity[chain=" + chain + ", key=" + key + "]";
    }
  }

  private TlsOptions() {}

  private TlsOptions(TlsOptions from) {
    trust = from.trust;
    revocations = from.revocations;
    identity = from.identity;
    context = from.context;
    serverName = from.serverName;
    protocols = from.protocols;
    cipherSuites = from.cipherSuites;
    applicationProtocols = from.applicationProtocols;
    requireCloseNotify = from.requireCloseNotify;
    startedByHook = from.startedByHook;
  }

  /** TLS 1.3 or 1.2, the JDK's authorities, the name of the host checked. */
  public static TlsOptions defaults() {
    return DEFAULTS;
  }

  // ---- whom to trust, and who we are ----

  /**
   * Trusts the authorities in this PEM file, and no others. Default: those of the JDK.
   *
   * @throws IllegalStateException if a {@link #context} is set
   */
  public TlsOptions trust(Path authorities) {
    refuseBesideContext("trust");
    TlsOptions changed = new TlsOptions(this);
    changed.trust = Optional.of(Objects.requireNonNull(authorities, "trust must not be null"));
    return changed;
  }

  /**
   * Refuses the certificates that the lists in this file revoke (PEM or DER). There must be a list
   * of every authority in a chain, else the chain is refused too. Nothing is fetched from the
   * network. Default: revocation is not looked at.
   *
   * @throws IllegalStateException if a {@link #context} is set
   */
  public TlsOptions revocations(Path lists) {
    refuseBesideContext("revocations");
    TlsOptions changed = new TlsOptions(this);
    changed.revocations =
        Optional.of(Objects.requireNonNull(lists, "revocations must not be null"));
    return changed;
  }

  /**
   * Shows this certificate to servers that ask for one (mutual TLS). Default: none is shown.
   *
   * @param chain a PEM file: our certificate, then those that lead to the authority
   * @param key a PEM file with the private key in PKCS #8, not encrypted
   * @throws IllegalStateException if a {@link #context} is set
   */
  public TlsOptions identity(Path chain, Path key) {
    return identity(new Identity(chain, key, Optional.empty()));
  }

  /**
   * As {@link #identity(Path, Path)}, with a key that is encrypted. The supplier is asked whenever
   * the key is read; the array that it returns is wiped after, so it must be a new one each time.
   */
  public TlsOptions identity(Path chain, Path key, Supplier<char[]> password) {
    return identity(
        new Identity(
            chain,
            key,
            Optional.of(Objects.requireNonNull(password, "password must not be null"))));
  }

  private TlsOptions identity(Identity shown) {
    refuseBesideContext("identity");
    TlsOptions changed = new TlsOptions(this);
    changed.identity = Optional.of(shown);
    return changed;
  }

  /**
   * Uses a context of your own, with its keys, its trust and its cache of sessions. What else is
   * set here still holds: host name, protocols, cipher suites. A trust manager that is not an
   * {@link javax.net.ssl.X509ExtendedTrustManager} has the host name checked by the JDK beside it;
   * one that is must do so itself, as the JDK's does.
   *
   * @throws IllegalStateException if files are set too
   */
  public TlsOptions context(SSLContext own) {
    Objects.requireNonNull(own, "context must not be null");
    return context(() -> own);
  }

  /**
   * As {@link #context(SSLContext)}, but asked before every dial, so that a renewed certificate is
   * used by the next connection. It should return the same context until something has changed:
   * sessions are resumed within one context only.
   */
  public TlsOptions context(Supplier<SSLContext> own) {
    if (trust.isPresent() || identity.isPresent() || revocations.isPresent()) {
      throw new IllegalStateException(
          "context must not be set beside trust, identity, revocations");
    }
    TlsOptions changed = new TlsOptions(this);
    changed.context = Optional.of(Objects.requireNonNull(own, "context must not be null"));
    return changed;
  }

  private void refuseBesideContext(String what) {
    if (context.isPresent()) {
      throw new IllegalStateException(what + " must not be set beside context");
    }
  }

  /**
   * The name that the certificate must be for, also told to the server (SNI), whatever the host of
   * the endpoint is. Default: the host of each endpoint. For endpoints that are given as addresses.
   *
   * @throws IllegalArgumentException if it is neither a host name nor an address
   */
  public TlsOptions serverName(String name) {
    TlsOptions changed = new TlsOptions(this);
    changed.serverName = Optional.of(ServerNames.require(name));
    return changed;
  }

  // ---- terms ----

  /**
   * The versions to offer. Default {@code TLSv1.3} and {@code TLSv1.2}; there are no others.
   *
   * @throws IllegalArgumentException naming what is not one of these
   */
  public TlsOptions protocols(String... versions) {
    List<String> wanted = List.of(versions);
    if (wanted.isEmpty() || !PROTOCOLS.containsAll(wanted)) {
      throw new IllegalArgumentException(
          "protocols must be one or both of " + PROTOCOLS + ", but were " + wanted);
    }
    TlsOptions changed = new TlsOptions(this);
    changed.protocols = wanted;
    return changed;
  }

  /**
   * The cipher suites to offer, by the JDK's names, the best first. Default: those that the JDK has
   * switched on. Checked when the pool is built.
   *
   * @throws IllegalArgumentException if there is none
   */
  public TlsOptions cipherSuites(String... suites) {
    TlsOptions changed = new TlsOptions(this);
    changed.cipherSuites = List.of(suites);
    if (changed.cipherSuites.isEmpty()) {
      throw new IllegalArgumentException("cipherSuites must be at least 1, but were 0");
    }
    return changed;
  }

  /**
   * The protocols to offer by ALPN, the best first. A dial fails if the server takes none of them.
   * Default: ALPN is not used.
   *
   * @throws IllegalArgumentException if there is none, or one is not 1 to 255 characters
   */
  public TlsOptions applicationProtocols(String... names) {
    TlsOptions changed = new TlsOptions(this);
    changed.applicationProtocols = List.of(names);
    if (changed.applicationProtocols.isEmpty()) {
      throw new IllegalArgumentException("applicationProtocols must be at least 1, but were 0");
    }
    for (String name : names) {
      if (name.isEmpty() || name.length() > 255) {
        throw new IllegalArgumentException(
            "application protocol must have 1 to 255 characters, but was \"" + name + "\"");
      }
    }
    return changed;
  }

  /**
   * Whether a read through a lease, a conversation or a factory's socket fails when the stream ends
   * without the peer's {@code close_notify}, instead of telling the end of the stream.
   *
   * <p>Default true: anybody on the network can end a TCP connection, so such an end may have cut
   * the answer short, and only the protocol above could tell. Switch it off for a server that never
   * sends {@code close_notify}, if its answers say themselves where they end. A frame that was cut
   * is an error with either.
   */
  public TlsOptions requireCloseNotify(boolean required) {
    TlsOptions changed = new TlsOptions(this);
    changed.requireCloseNotify = required;
    return changed;
  }

  /**
   * Lets the {@linkplain TcpPool.Builder#onConnect connect hook} begin TLS by {@link
   * DeadlineSocket#startTls()}, after a greeting in clear, as STARTTLS wants it. A dial whose hook
   * does not is a dial that fails.
   */
  public TlsOptions startedByHook() {
    TlsOptions changed = new TlsOptions(this);
    changed.startedByHook = true;
    return changed;
  }

  // ---- what was set ----

  /** The file of trusted authorities. */
  public Optional<Path> trust() {
    return trust;
  }

  /** The file of revocation lists. */
  public Optional<Path> revocations() {
    return revocations;
  }

  /** What is shown to servers that ask. */
  public Optional<Identity> identity() {
    return identity;
  }

  /** The user's own contexts. */
  public Optional<Supplier<SSLContext>> context() {
    return context;
  }

  /** The name that certificates must be for. */
  public Optional<String> serverName() {
    return serverName;
  }

  /** The versions offered. */
  public List<String> protocols() {
    return protocols;
  }

  /** The cipher suites offered; empty for those of the JDK. */
  public List<String> cipherSuites() {
    return cipherSuites;
  }

  /** The protocols offered by ALPN. */
  public List<String> applicationProtocols() {
    return applicationProtocols;
  }

  /** Whether an end without {@code close_notify} is an error. */
  public boolean requiresCloseNotify() {
    return requireCloseNotify;
  }

  /** Whether the connect hook begins TLS. */
  public boolean isStartedByHook() {
    return startedByHook;
  }

  @Override
  public String toString() {
    return "TlsOptions[trust="
        + trust.map(Path::toString).orElse("JDK")
        + identity.map(shown -> ", " + shown).orElse("")
        + (context.isPresent() ? ", own context" : "")
        + serverName.map(name -> ", serverName=" + name).orElse("")
        + ", protocols="
        + protocols
        + "]";
  }
}
