package io.github.tcppool.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tcppool.CloseReport;
import io.github.tcppool.RetryPolicy;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import io.github.tcppool.tls.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of others: OpenSSL's own server, and stunnel in front of a server that has none. */
@Timeout(60)
class OtherServersTest {

  @TempDir Path dir;
  private TlsOptions trusting;
  private Process server;

  @BeforeEach
  void writeFiles() throws IOException {
    trusting = TlsOptions.defaults().trust(TestAuthority.TRUSTED.in(dir, "authority.pem"));
    Issued issued = TestAuthority.TRUSTED.issue("127.0.0.1");
    Path unusedChain = issued.chainIn(dir, "server.pem");
    Path unusedKey = issued.keyIn(dir, "server.key");
    assertThat(unusedChain.getParent()).isEqualTo(unusedKey.getParent());
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static boolean isThere(String program) {
    for (String place : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(place, program))) {
        return true;
      }
    }
    return false;
  }

  private void start(List<String> command) throws IOException {
    server =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("server.log").toFile())
            .start();
  }

  /** OpenSSL's server, which sends back every line with its letters turned round. */
  private String openssl(String... more) throws IOException {
    assumeTrue(isThere("openssl"), "openssl is not installed");
    int port = Ports.unused();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("openssl", "s_server", "-rev", "-quiet", "-accept", "127.0.0.1:" + port));
    command.addAll(List.of("-cert", "server.pem", "-cert_chain", "server.pem"));
    command.addAll(List.of("-key", "server.key", "-CAfile", "authority.pem"));
    command.addAll(List.of(more));
    start(command);
    return "127.0.0.1:" + port;
  }

  private static void awaitListening(String endpoint) {
    int port = Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
  }

  private TcpPool pool(String endpoint, TlsOptions options) {
    return TcpPool.builder(endpoint)
        .connections(0, 1)
        .framing(Framing.lines())
        .callTimeout(Duration.ofSeconds(30))
        .tls(options)
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void opensslIsTalkedTo(String version) throws Exception {
    try (TcpPool pool = pool(openssl(), trusting.protocols(version))) {
      for (String word : List.of("hello", "again", "x".repeat(10_000))) {
        assertThat(pool.exchange(word.getBytes(UTF_8)))
            .asString(UTF_8)
            .isEqualTo(new StringBuilder(word).reverse().toString());
      }
      assertThat(pool.snapshot().endpoints().get(0).opened()).isEqualTo(1);
      CloseReport report = pool.close(Duration.ofSeconds(5));
      assertThat(report.forced()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void opensslIsShownOurCertificate(String version) throws Exception {
    Issued own = TestAuthority.TRUSTED.issue("client.example");
    TlsOptions mutual =
        trusting
            .identity(own.chainIn(dir, "own.pem"), own.keyIn(dir, "own.key"))
            .protocols(version);
    try (TcpPool pool = pool(openssl("-Verify", "2", "-verify_return_error"), mutual)) {
      assertThat(pool.exchange("abc".getBytes(UTF_8))).asString(UTF_8).isEqualTo("cba");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void opensslThatWantsACertificateAndGetsNoneFailsTheDial(String version) throws Exception {
    String endpoint = openssl("-Verify", "2", "-verify_return_error");
    awaitListening(endpoint);
    try (TcpPool pool = pool(endpoint, trusting.protocols(version))) {
      pool.update(options -> options.retry(RetryPolicy.attempts(1)));
      assertThatThrownBy(() -> pool.exchange("abc".getBytes(UTF_8)))
          .hasRootCauseInstanceOf(SSLException.class)
          .hasMessageContaining("TLS with " + endpoint);
      assertThat(pool.snapshot().endpoints().get(0).dialFailures()).isPositive();
    }
  }

  @Test
  void anEchoBehindStunnelIsTalkedTo() throws Exception {
    String program = isThere("stunnel4") ? "stunnel4" : "stunnel";
    assumeTrue(isThere(program), "stunnel is not installed");
    int port = Ports.unused();
    try (TcpPeer echo = TcpPeer.start(Behaviour.echo())) {
      Path settings =
          Files.writeString(
              dir.resolve("stunnel.conf"),
              String.join(
                  "\n",
                  "foreground = yes",
                  "pid =",
                  "[echo]",
                  "accept = 127.0.0.1:" + port,
                  "connect = " + echo.hostPort(),
                  "cert = " + dir.resolve("server.pem"),
                  "key = " + dir.resolve("server.key"),
                  ""));
      start(List.of(program, settings.toString()));
      try (TcpPool pool =
          TcpPool.builder("127.0.0.1:" + port)
              .connections(0, 4)
              .framing(Framing.lines())
              .retry(RetryPolicy.untilDeadline())
              .tls(trusting)
              .build()) {
        for (int i = 0; i < 50; i++) {
          byte[] line = ("line " + i).getBytes(UTF_8);
          assertThat(pool.exchange(line)).isEqualTo(line);
        }
      }
    }
  }
}
