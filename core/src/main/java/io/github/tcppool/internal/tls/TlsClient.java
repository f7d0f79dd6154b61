package io.github.tcppool.internal.tls;

import io.github.tcppool.Endpoint;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.internal.net.TcpChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins TLS on the connections of one pool. For any thread. */
public final class TlsClient {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.tcppool");

  /** What there is to say of a refused certificate has names, times and a fingerprint in it. */
  private static final int MOST_CHARS = 1_000;

  /** The least time that a server has to say what it thinks of our certificate. */
  private static final long MIN_VERDICT_NANOS = 100_000_000;

  private final TlsOptions options;

  /** What was read last; null if the user brings the contexts. */
  private final AtomicReference<@Nullable Credentials> credentials = new AtomicReference<>();

  /**
   * Reads what the options name.
   *
   * @throws IllegalArgumentException if that cannot be used
   */
  public TlsClient(TlsOptions options) {
    this.options = options;
    try {
      if (options.context().isEmpty()) {
        credentials.set(Credentials.read(options));
      }
      checkTerms();
    } catch (IOException e) {
      throw new IllegalArgumentException("TLS options must be usable: " + e.getMessage(), e);
    }
  }

  private void checkTerms() throws IOException {
    SSLParameters supported = context(current()).getSupportedSSLParameters();
    List<String> known = List.of(supported.getCipherSuites());
    for (String suite : options.cipherSuites()) {
      if (!known.contains(suite)) {
        throw new IllegalArgumentException(
            "cipher suite must be one that this JDK has, but was \"" + Told.shown(suite) + "\"");
      }
    }
  }

  /** The options. */
  public TlsOptions options() {
    return options;
  }

  // ---- credentials ----

  private @Nullable Credentials current() {
    Credentials known = credentials.get();
    if (known == null) {
      return null;
    }
    try {
      if (!known.areOld(options)) {
        return known;
      }
      Credentials renewed = Credentials.read(options);
      if (credentials.compareAndSet(known, renewed)) {
        LOG.info("certificates renewed: {}", options);
      }
      return credentials.get();
    } catch (IOException | RuntimeException e) {
      // half replaced, perhaps, or a supplier's fault: the next dial looks again
      LOG.warn("certificates not renewed, the old ones stay in use: {}", e.getMessage());
      return known;
    }
  }

  private SSLContext context(@Nullable Credentials held) throws IOException {
    if (held != null) {
      return held.context();
    }
    SSLContext own = options.context().orElseThrow().get();
    if (own == null) {
      throw new SSLException("TLS context must not be null, but the supplier gave none");
    }
    return own;
  }

  // ---- connecting ----

  /**
   * Begins TLS on a connected channel, and waits for its handshake until the deadline.
   *
   * @throws SSLException if the two do not agree, with what was wrong
   */
  public void start(TcpChannel channel, Endpoint endpoint, long deadlineNanos) throws IOException {
    Credentials held = current();
    String host = options.serverName().orElse(endpoint.host());
    SSLEngine engine = context(held).createSSLEngine(host, endpoint.port());
    engine.setUseClientMode(true);
    engine.setSSLParameters(terms(engine.getSSLParameters(), host));
    try {
      perform(channel, engine, held, endpoint, deadlineNanos);
    } finally {
      if (held != null) {
        held.shown().forget(engine);
      }
    }
  }

  private void perform(
      TcpChannel channel,
      SSLEngine engine,
      @Nullable Credentials held,
      Endpoint endpoint,
      long deadlineNanos)
      throws IOException {
    long begun = System.nanoTime();
    try {
      channel.tls().start(engine, options.requiresCloseNotify(), deadlineNanos);
      checkApplicationProtocol(engine);
    } catch (SSLException e) {
      throw told(e, endpoint);
    } catch (SocketException | EOFException e) { // a reset may have overtaken the alert
      throw wasAsked(held, engine) ? told(refusal(e), endpoint) : e;
    }
    if (wasAsked(held, engine) && engine.getSession().getProtocol().equals("TLSv1.3")) {
      awaitVerdict(channel, endpoint, begun, deadlineNanos);
    }
  }

  private static boolean wasAsked(@Nullable Credentials held, SSLEngine engine) {
    return held != null && held.shown().wasAsked(engine);
  }

  private SSLHandshakeException refusal(IOException e) {
    String shown =
        options.identity().isPresent() ? "our certificate" : "that it was shown no certificate";
    return new SSLHandshakeException("server refused " + shown + ": " + e.getMessage());
  }

  private SSLParameters terms(SSLParameters terms, String host) {
    terms.setProtocols(options.protocols().toArray(new String[0]));
    if (!options.cipherSuites().isEmpty()) {
      terms.setCipherSuites(options.cipherSuites().toArray(new String[0]));
    }
    terms.setEndpointIdentificationAlgorithm("HTTPS");
    Optional<SNIHostName> name = ServerNames.forIndication(host);
    terms.setServerNames(name.isPresent() ? List.of(name.get()) : new ArrayList<>());
    if (!options.applicationProtocols().isEmpty()) {
      terms.setApplicationProtocols(options.applicationProtocols().toArray(new String[0]));
    }
    return terms;
  }

  private void checkApplicationProtocol(SSLEngine engine) throws SSLHandshakeException {
    String taken = engine.getApplicationProtocol();
    if (!options.applicationProtocols().isEmpty() && (taken == null || taken.isEmpty())) {
      throw new SSLHandshakeException(
          "server took none of the application protocols " + options.applicationProtocols());
    }
  }

  /**
   * A server that asked for a certificate says only after a TLS 1.3 handshake what it thinks of the
   * answer: by a session ticket, or by an alert. It is given a few times as long as the handshake
   * took; one that stays silent is taken at its word.
   */
  private void awaitVerdict(TcpChannel channel, Endpoint endpoint, long begun, long deadlineNanos)
      throws IOException {
    long now = System.nanoTime();
    long patience = Math.max(4 * (now - begun), MIN_VERDICT_NANOS);
    long until = now + Math.min(patience, deadlineNanos - now);
    try {
      channel.tls().awaitPeer(until);
    } catch (SSLException | SocketException e) {
      throw told(refusal(e), endpoint);
    }
  }

  /** The failure, of the same kind, with where it happened, and without what could forge lines. */
  private static SSLException told(SSLException e, Endpoint endpoint) {
    String message =
        "TLS with "
            + endpoint
            + " failed: "
            + Told.shown(String.valueOf(e.getMessage()), MOST_CHARS);
    SSLException told =
        e instanceof SSLHandshakeException
            ? new SSLHandshakeException(message)
            : new SSLException(message);
    told.initCause(e);
    return told;
  }
}
