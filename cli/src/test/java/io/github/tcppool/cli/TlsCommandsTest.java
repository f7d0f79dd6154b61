package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.Endpoint;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.FaultProxy;
import io.github.tcppool.testkit.TcpPeer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsCommandsTest {

  @TempDir Path dir;

  @Test
  void aThrowAwayServerIsLookedAtAndTalkedToAndNotTrusted() {
    Cli server = Cli.toFiles().start("serve", "echo", "--tls");
    String fingerprint = server.awaitErr("certificate SHA-256 ([0-9A-F:]{95})");
    String endpoint = server.awaitErr("listening on (\\S+)");

    Cli probe = Cli.toFiles().run("probe", "--tls", endpoint).exitsWith(1);
    assertThat(probe.out())
        .contains("TLSv1.3, TLS_", "CN=tcp-pool serve", "127.0.0.1", " days left", fingerprint)
        .contains("NOT TRUSTED: ", "valid certification path");

    Cli trusting = Cli.toFiles().run("probe", "--tls", "--insecure", endpoint).exitsWith(0);
    assertThat(trusting.err()).contains(TlsArguments.WARNING);
    Cli picking = Cli.toFiles().run("probe", "--tls", "--insecure", "--picks", "3", endpoint);
    assertThat(picking.exitsWith(0).out()).contains("3 calls").doesNotContain("then:");

    Cli asked = Cli.toFiles().reading("hello\n").run("exchange", "--tls", "--insecure", endpoint);
    asked.exitsWith(0);
    assertThat(asked.out()).isEqualTo("hello\n");
    assertThat(asked.err()).contains(TlsArguments.WARNING);

    Cli careful =
        Cli.toFiles()
            .reading("secret\n")
            .run("send", "--tls", "--timeout", "2s", "--drain", "1s", endpoint);
    assertThat(careful.exitCode()).isNotZero();
    assertThat(careful.err()).contains("certificate refused").doesNotContain("WARNING");
    server.ctrlC().exitsWith(130);
    assertThat(server.err()).contains("received 1 line, 6 B");
  }

  @Test
  void aServerThatSpeaksNoTlsIsNoSuccess() {
    try (TcpPeer plain = TcpPeer.start(Behaviour.sends("220 welcome\n").then(Behaviour.sink()))) {
      Cli probe = Cli.toFiles().run("probe", "--tls", plain.hostPort()).exitsWith(1);
      assertThat(probe.out()).contains("connected in ", "failed after ");
    }
  }

  @Test
  void aServerThatSaysAByteNowAndThenIsNotWaitedForWithoutEnd() {
    Cli server = Cli.toFiles().start("serve", "echo", "--tls");
    Endpoint real = Endpoint.parse(server.awaitErr("listening on (\\S+)"));
    try (FaultProxy slow = FaultProxy.to(new InetSocketAddress(real.host(), real.port()))) {
      slow.downstream().bandwidth(50); // a handshake would take half a minute
      long begun = System.nanoTime();
      Cli probe =
          Cli.toFiles()
              .run("probe", "--tls", "--connect-timeout", "500ms", slow.hostPort())
              .exitsWith(1);
      assertThat(probe.out()).contains("failed after ", "timed out");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
    server.ctrlC().exitsWith(130);
  }

  @Test
  void argumentsThatDoNotGoTogetherAreRefused() throws Exception {
    assertRefused("need --tls", "--ca", "x.pem");
    assertRefused("--cert and --key", "--tls", "--cert", "x.pem");
    assertRefused("--insecure must not", "--tls", "--insecure", "--ca", "x.pem");
    assertRefused("missing.pem", "--tls", "--ca", dir.resolve("missing.pem").toString());
    Path text = Files.writeString(dir.resolve("text.pem"), "no certificate");
    assertRefused("text.pem must hold", "--tls", "--ca", text.toString());
  }

  private static void assertRefused(String why, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "exchange";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 1] = "127.0.0.1:1";
    assertThat(Cli.toFiles().run(all).exitsWith(2).err()).contains(why);
  }
}
