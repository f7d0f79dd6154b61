package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.CallOptions;
import io.github.tcppool.ConnectFailedException;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.tls.TestAuthority.Issued;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two ends agree on: identities, names, protocols, sessions. */
@Timeout(60)
class TlsTermsTest {

  @TempDir Path dir;
  private TlsOptions trusting;
  private final BlockingQueue<SSLSession> sessions = new LinkedBlockingQueue<>();

  @BeforeEach
  void writeAuthority() throws Exception {
    trusting = TlsOptions.defaults().trust(TestAuthority.TRUSTED.in(dir, "authority.pem"));
  }

  /** An echo that tells what was agreed on. */
  private RawServer server(SSLContext context, boolean asks, String... applicationProtocols)
      throws IOException {
    return new RawServer(
        socket -> {
          SSLSocket tls = RawServer.secure(socket, context);
          tls.setNeedClientAuth(asks);
          SSLParameters terms = tls.getSSLParameters();
          terms.setApplicationProtocols(applicationProtocols);
          tls.setSSLParameters(terms);
          tls.startHandshake();
          sessions.add(tls.getSession());
          RawServer.echo(tls);
        });
  }

  private static SSLContext serverContext(String... names) {
    return TestAuthority.TRUSTED.issue(names).context();
  }

  private static TcpPool pool(String endpoint, TlsOptions options) {
    return TcpPool.builder(endpoint)
        .connections(0, 1)
        .framing(Framing.lines())
        .connectTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.attempts(1))
        .tls(options)
        .build();
  }

  private SSLSession talk(TcpPool pool) throws Exception {
    byte[] ping = "ping".getBytes(UTF_8);
    assertThat(pool.exchange(ping, CallOptions.within(Duration.ofSeconds(20)))).isEqualTo(ping);
    return sessions.poll(10, TimeUnit.SECONDS);
  }

  // ---- who we are ----

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatAsksIsShownTheCertificateFromTheFiles(String version) throws Exception {
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    TlsOptions mutual =
        trusting
            .identity(own.chainIn(dir, "own.pem"), own.keyIn(dir, "own.key"))
            .protocols(version);
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool = pool(server.hostPort(), mutual)) {
      SSLSession seen = talk(pool);
      assertThat(seen.getPeerPrincipal().getName()).isEqualTo("CN=client.example");
      assertThat(seen.getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void anEncryptedKeyIsOpenedByThePasswordWhichIsWipedAfter() throws Exception {
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    char[] password = "open sesame".toCharArray();
    TlsOptions mutual =
        trusting.identity(
            own.chainIn(dir, "own.pem"),
            own.keyIn(dir, "own.key", password.clone()),
            () -> password);
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool = pool(server.hostPort(), mutual)) {
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=client.example");
      assertThat(password).containsOnly('\0');
    }
  }

  @Test
  void aCertificateOfOursThatTheServerDoesNotTrustFailsTheDial() throws Exception {
    Issued foreign = new TestAuthority("CN=Nobody").issue("client.example");
    TlsOptions mutual =
        trusting.identity(foreign.chainIn(dir, "own.pem"), foreign.keyIn(dir, "own.key"));
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool = pool(server.hostPort(), mutual)) {
      assertThatThrownBy(() -> pool.exchange("x".getBytes(UTF_8)))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("TLS with " + server.hostPort());
    }
  }

  @Test
  void renewedFilesAreUsedByTheNextConnection() throws Exception {
    Issued first = TestAuthority.TRUSTED.issue("first.example");
    Path chain = first.chainIn(dir, "own.pem");
    Path key = first.keyIn(dir, "own.key");
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool = pool(server.hostPort(), trusting.identity(chain, key))) {
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=first.example");
      Issued second = TestAuthority.TRUSTED.issue("the-second.example");
      second.keyIn(dir, "new.key");
      Files.move(
          second.chainIn(dir, "new.pem"), chain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.move(dir.resolve("new.key"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      pool.evict(any -> true);
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=the-second.example");
    }
  }

  @Test
  void filesThatWereSpoiltLeaveTheOldOnesInUse() throws Exception {
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    Path chain = own.chainIn(dir, "own.pem");
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool =
            pool(server.hostPort(), trusting.identity(chain, own.keyIn(dir, "own.key")))) {
      Files.writeString(chain, "half a file");
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=client.example");
    }
  }

  @Test
  void aSupplierOfPasswordsThatFailsLeavesTheOldKeyInUse() throws Exception {
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    Path key = own.keyIn(dir, "own.key", "open sesame".toCharArray());
    AtomicInteger asked = new AtomicInteger();
    TlsOptions mutual =
        trusting.identity(
            own.chainIn(dir, "own.pem"),
            key,
            () -> {
              if (asked.getAndIncrement() > 0) {
                throw new IllegalStateException("the vault is closed");
              }
              return "open sesame".toCharArray();
            });
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool = pool(server.hostPort(), mutual)) {
      Files.setLastModifiedTime(key, FileTime.fromMillis(1_000));
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=client.example");
      assertThat(asked).hasValueGreaterThan(1);
    }
  }

  @Test
  void aSupplierOfContextsIsAskedBeforeEveryDial() throws Exception {
    Issued one = TestAuthority.TRUSTED.issue("one.example");
    Issued two = TestAuthority.TRUSTED.issue("two.example");
    BlockingQueue<SSLContext> contexts =
        new LinkedBlockingQueue<>(List.of(one.context(), one.context(), two.context()));
    try (RawServer server = server(serverContext("127.0.0.1"), true);
        TcpPool pool =
            pool(server.hostPort(), TlsOptions.defaults().context(() -> contexts.remove()))) {
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=one.example");
      pool.evict(any -> true);
      assertThat(talk(pool).getPeerPrincipal().getName()).isEqualTo("CN=two.example");
    }
  }

  // ---- names and protocols ----

  @Test
  void theServerNameIsToldAndChecked() throws Exception {
    try (RawServer server = server(serverContext("db.example"), false);
        TcpPool pool = pool(server.hostPort(), trusting.serverName("db.example"))) {
      ExtendedSSLSession seen = (ExtendedSSLSession) talk(pool);
      assertThat(seen.getRequestedServerNames()).containsExactly(new SNIHostName("db.example"));
    }
  }

  @Test
  void aCertificateForTheAddressDoesNotDoWhereANameIsAskedFor() throws Exception {
    try (RawServer server = server(serverContext("127.0.0.1"), false);
        TcpPool pool = pool(server.hostPort(), trusting.serverName("db.example"))) {
      assertThatThrownBy(() -> pool.exchange("x".getBytes(UTF_8)))
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("db.example");
    }
  }

  @Test
  void anApplicationProtocolIsAgreedOn() throws Exception {
    try (RawServer server = server(serverContext("127.0.0.1"), false, "syslog/1", "other");
        TcpPool pool =
            pool(server.hostPort(), trusting.applicationProtocols("syslog/2", "syslog/1"))) {
      assertThat(talk(pool)).isNotNull();
    }
  }

  @Test
  void aServerThatTakesNoApplicationProtocolIsRefused() throws Exception {
    try (RawServer server = server(serverContext("127.0.0.1"), false);
        TcpPool pool = pool(server.hostPort(), trusting.applicationProtocols("syslog/2"))) {
      assertThatThrownBy(() -> pool.exchange("x".getBytes(UTF_8)))
          .hasMessageContaining("took none of the application protocols [syslog/2]");
    }
  }

  @Test
  void theCipherSuiteIsOneOfThoseAskedFor() throws Exception {
    String suite = "TLS_CHACHA20_POLY1305_SHA256";
    try (RawServer server = server(serverContext("127.0.0.1"), false);
        TcpPool pool = pool(server.hostPort(), trusting.cipherSuites(suite))) {
      try (PooledSocket lease = pool.lease()) {
        SSLSession session = lease.tlsSession().orElseThrow();
        assertThat(session.getCipherSuite()).isEqualTo(suite);
        X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=127.0.0.1");
      }
    }
  }

  // ---- sessions ----

  @Test
  void theSecondHandshakeIsResumedAndNeverWithOtherOptions() throws Exception {
    try (RawServer server = server(serverContext("127.0.0.1"), false);
        TcpPool pool = pool(server.hostPort(), trusting);
        TcpPool other = pool(server.hostPort(), trusting)) {
      long first = talk(pool).getCreationTime();
      await()
          .until(() -> System.currentTimeMillis() > first); // or it could not be told from another
      pool.evict(any -> true);
      assertThat(talk(pool).getCreationTime()).as("resumed").isEqualTo(first);
      assertThat(talk(other).getCreationTime()).as("a session of its own").isGreaterThan(first);
    }
  }

  // ---- nothing in clear ----

  @Test
  void theFactoryMakesNoSocketsInClear() throws Exception {
    try (RawServer server = server(serverContext("127.0.0.1"), false);
        RawServer elsewhere = new RawServer(RawServer::echo);
        TcpPool pool = pool(server.hostPort(), trusting)) {
      Socket bound = pool.asSocketFactory().createSocket();
      bound.bind(null);
      assertThatThrownBy(() -> bound.connect(server.address()))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("in clear");
      assertThatThrownBy(() -> pool.asSocketFactory().createSocket("127.0.0.1", elsewhere.port()))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("in clear");
      try (Socket own = pool.asSocketFactory().createSocket("127.0.0.1", server.port())) {
        own.getOutputStream().write(7);
        assertThat(own.getInputStream().read()).isEqualTo(7);
        assertThatThrownBy(() -> own.sendUrgentData(1)).hasMessageContaining("TLS");
      }
    }
  }

  // ---- bad options ----

  @Test
  void whatCannotBeUsedIsRefusedByBuild() throws Exception {
    Path no = dir.resolve("missing.pem");
    Path text = Files.writeString(dir.resolve("text.pem"), "no certificate");
    assertRefused(TlsOptions.defaults().trust(no), "missing.pem");
    assertRefused(TlsOptions.defaults().trust(text), "text.pem must hold");
    assertRefused(trusting.cipherSuites("TLS_NULL"), "TLS_NULL");
    assertRefused(trusting.startedByHook(), "onConnect must be set");
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    Path chain = own.chainIn(dir, "own.pem");
    assertRefused(trusting.identity(chain, text), "text.pem must hold a private key");
    Path sealed = own.keyIn(dir, "sealed.key", "secret".toCharArray());
    assertRefused(trusting.identity(chain, sealed), "is encrypted");
    // Once in 256 times the padding looks right, and what is behind it is no key.
    assertRefused(trusting.identity(chain, sealed, "wrong"::toCharArray), "sealed.key");
    assertThatThrownBy(() -> TlsOptions.defaults().protocols("TLSv1.1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLSv1.1");
    assertThatThrownBy(() -> TlsOptions.defaults().serverName("a b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> trusting.context(SSLContext.getDefault()))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(TlsOptions options, String why) {
    assertThatThrownBy(() -> TcpPool.builder("127.0.0.1:1").tls(options).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
