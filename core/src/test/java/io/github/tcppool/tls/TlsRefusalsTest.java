package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.tcppool.CallOptions;
import io.github.tcppool.EndpointSnapshot;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.tls.TestAuthority.Issued;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a pool does not talk to, what it says then, and that it does not keep asking. */
@Timeout(60)
class TlsRefusalsTest {

  private static final Duration DAY = Duration.ofDays(1);

  @TempDir static Path dir;
  private static TlsOptions trusting;

  @BeforeAll
  static void writeAuthority() throws Exception {
    trusting = TlsOptions.defaults().trust(TestAuthority.TRUSTED.in(dir, "authority.pem"));
  }

  /** Fails the first dial, and tells how. */
  private static IOException refusal(String endpoint, TlsOptions options) {
    try (TcpPool pool =
        TcpPool.builder(endpoint)
            .connections(0, 1)
            .framing(Framing.lines())
            .connectTimeout(Duration.ofSeconds(10))
            .retry(RetryPolicy.attempts(1))
            .tls(options)
            .build()) {
      return catchThrowableOfType(
          IOException.class,
          () -> pool.send("secret".getBytes(UTF_8), CallOptions.within(Duration.ofSeconds(20))));
    }
  }

  private static void assertRefused(Issued server, TlsOptions options, String... why)
      throws IOException {
    try (RawServer echo = RawServer.echo(server.context(), false)) {
      IOException failure = refusal(echo.hostPort(), options);
      assertThat(failure).hasCauseInstanceOf(SSLHandshakeException.class);
      assertThat(failure).hasMessageContaining(echo.hostPort());
      assertThat(failure.getMessage()).contains(why);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aCertificateOfATrustedAuthorityForThisHostIsTaken(String algorithm) throws Exception {
    Issued good =
        TestAuthority.TRUSTED.issue(algorithm, Instant.now().minusSeconds(60), DAY, "127.0.0.1");
    try (RawServer echo = RawServer.echo(good.context(), false);
        TcpPool pool =
            TcpPool.builder(echo.hostPort()).framing(Framing.lines()).tls(trusting).build()) {
      assertThat(pool.exchange("ping".getBytes(UTF_8))).isEqualTo("ping".getBytes(UTF_8));
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    Issued other = TestAuthority.TRUSTED.issue("other.example");
    assertRefused(other, trusting, "CN=other.example", "127.0.0.1", "CN=Test authority");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    Issued foreign = new TestAuthority("CN=Somebody else").issue("127.0.0.1");
    assertRefused(foreign, trusting, "CN=Somebody else", "valid certification path");
    assertRefused(foreign, TlsOptions.defaults(), "CN=Somebody else");
  }

  @Test
  void aSelfSignedCertificateIsRefused() throws Exception {
    assertRefused(TestAuthority.selfSigned("127.0.0.1"), trusting, "CN=127.0.0.1");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    Instant from = Instant.now().minus(Duration.ofDays(3));
    Issued expired = TestAuthority.TRUSTED.issue("EC", from, DAY, "127.0.0.1");
    assertRefused(expired, trusting, "has expired", from.plus(DAY).toString().substring(0, 10));
  }

  @Test
  void aCertificateThatIsNotValidYetIsRefused() throws Exception {
    Instant from = Instant.now().plus(Duration.ofDays(3));
    Issued early = TestAuthority.TRUSTED.issue("EC", from, DAY, "127.0.0.1");
    assertRefused(early, trusting, "not valid yet");
  }

  @Test
  void aRevokedCertificateIsRefusedWhereListsAreGiven() throws Exception {
    Issued bad = TestAuthority.TRUSTED.issue("127.0.0.1");
    Issued good = TestAuthority.TRUSTED.issue("127.0.0.1");
    TlsOptions checking =
        trusting.revocations(TestAuthority.TRUSTED.revoking(dir, "revoked.pem", bad.leaf()));
    assertRefused(bad, checking, "revoked");
    try (RawServer echo = RawServer.echo(good.context(), false)) {
      assertThat(refusal(echo.hostPort(), checking)).isNull();
    }
  }

  @Test
  void textOfACertificateCannotForgeALine() throws Exception {
    Issued hostile = new TestAuthority("CN=a\u001b[31m\u2028b").issue("127.0.0.1");
    try (RawServer echo = RawServer.echo(hostile.context(), false)) {
      String told = refusal(echo.hostPort(), trusting).getMessage();
      assertThat(told.codePoints().filter(c -> Character.isISOControl(c) || c == 0x2028)).isEmpty();
    }
  }

  // ---- peers that do not speak TLS, or not ours ----

  @Test
  void aPeerThatAnswersInClearIsRefusedAndGetsNothing() throws Exception {
    ConcurrentLinkedQueue<byte[]> seen = new ConcurrentLinkedQueue<>();
    try (RawServer plain =
        new RawServer(
            socket -> {
              socket.getOutputStream().write("220 welcome\r\n".getBytes(UTF_8));
              seen.add(socket.getInputStream().readAllBytes());
            })) {
      IOException failure = refusal(plain.hostPort(), trusting);
      assertThat(failure).hasCauseInstanceOf(SSLException.class);
    }
    assertThat(seen)
        .allSatisfy(bytes -> assertThat(new String(bytes, UTF_8)).doesNotContain("secret"));
  }

  @Test
  void aPeerThatKnowsOnlyTls11IsRefused() throws Exception {
    byte[] body = HexFormat.of().parseHex("0302" + "ab".repeat(32) + "00" + "c013" + "00");
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    hello.writeBytes(
        new byte[] {22, 3, 2, 0, (byte) (body.length + 4), 2, 0, 0, (byte) body.length});
    hello.writeBytes(body);
    try (RawServer old =
        new RawServer(
            socket -> {
              int unused = socket.getInputStream().read(new byte[4_096]);
              socket.getOutputStream().write(hello.toByteArray());
              long all =
                  socket.getInputStream().transferTo(ByteArrayOutputStream.nullOutputStream());
              assertThat(all).isLessThan(100);
            })) {
      IOException failure = refusal(old.hostPort(), trusting);
      assertThat(failure).hasCauseInstanceOf(SSLHandshakeException.class);
      assertThat(failure).hasMessageContaining("TLS11");
    }
  }

  @Test
  void aHandshakeThatStallsEndsAtTheConnectTimeout() throws Exception {
    try (RawServer silent = new RawServer(socket -> socket.getInputStream().readAllBytes());
        TcpPool pool =
            TcpPool.builder(silent.hostPort())
                .connectTimeout(Duration.ofMillis(200))
                .retry(RetryPolicy.attempts(1))
                .tls(trusting)
                .build()) {
      IOException failure =
          catchThrowableOfType(IOException.class, () -> pool.send("x".getBytes(UTF_8)));
      assertThat(failure).hasRootCauseInstanceOf(SocketTimeoutException.class);
      assertThat(failure).hasMessageContaining("TLS handshake timed out");
    }
  }

  @Test
  void aHandshakeThatIsFloodedEndsAtTheConnectTimeout() throws Exception {
    // Alerts of the lesser level are read over by the JDK, however many come.
    byte[] flood = HexFormat.of().parseHex("1503030002010a".repeat(2_000));
    try (RawServer chatty =
            new RawServer(
                socket -> {
                  int unused = socket.getInputStream().read(new byte[4_096]);
                  while (true) {
                    socket.getOutputStream().write(flood);
                  }
                });
        TcpPool pool =
            TcpPool.builder(chatty.hostPort())
                .connectTimeout(Duration.ofMillis(200))
                .retry(RetryPolicy.attempts(1))
                .tls(trusting)
                .build()) {
      IOException failure =
          catchThrowableOfType(
              IOException.class,
              () -> pool.send("x".getBytes(UTF_8), CallOptions.within(Duration.ofSeconds(20))));
      assertThat(failure).hasMessageContaining("TLS handshake timed out");
    }
  }

  // ---- no certificate of our own ----

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aMissingClientCertificateFailsTheDialAndIsNotTriedInALoop(String version) throws Exception {
    Issued server = TestAuthority.TRUSTED.issue("127.0.0.1");
    try (RawServer strict = RawServer.echo(server.context(), true);
        TcpPool pool =
            TcpPool.builder(strict.hostPort())
                .framing(Framing.lines())
                .tls(trusting.protocols(version))
                .build()) {
      IOException failure =
          catchThrowableOfType(
              IOException.class,
              () ->
                  pool.exchange("x".getBytes(UTF_8), CallOptions.within(Duration.ofMillis(1_300))));
      assertThat(failure).hasRootCauseInstanceOf(SSLException.class);
      EndpointSnapshot now = pool.snapshot().endpoints().get(0);
      assertThat(now.dialFailures()).isPositive();
      assertThat(strict.accepted()).as("dials in 1.3 s, a second apart").isBetween(1, 2);
      if (version.equals("TLSv1.3")) {
        assertThat(failure).hasMessageContaining("shown no certificate");
      }
    }
  }

  @Test
  void failuresOfConfigurationAreASecondApart() throws Exception {
    Issued other = TestAuthority.TRUSTED.issue("other.example");
    try (RawServer echo = RawServer.echo(other.context(), false);
        TcpPool pool = TcpPool.builder(echo.hostPort()).tls(trusting).build()) {
      IOException failure =
          catchThrowableOfType(
              IOException.class,
              () -> pool.send("x".getBytes(UTF_8), CallOptions.within(Duration.ofMillis(1_200))));
      assertThat(failure).hasMessageContaining("certificate refused");
      assertThat(echo.accepted()).isBetween(1, 2);
    }
  }
}
