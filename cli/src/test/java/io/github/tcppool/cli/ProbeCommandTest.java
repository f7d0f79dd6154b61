package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProbeCommandTest {

  @Test
  void printsHowLongEachConnectionTook() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().run("probe", peer.hostPort()).exitsWith(0);

      assertThat(cli.out())
          .startsWith(peer.hostPort() + "  1 address, resolved in ")
          .containsPattern("\n  127\\.0\\.0\\.1 +connected in [0-9.]+ ms\n");
      assertThat(peer.awaitAccepted(1).bytesReceived()).isZero();
    }
  }

  @Test
  void printsTheErrorOfTheKernel() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      Cli cli = Cli.toFiles().run("probe", peer.hostPort()).exitsWith(1);

      assertThat(cli.out())
          .containsPattern("127\\.0\\.0\\.1 +failed after .*: Connection refused\n");
    }
  }

  @Test
  void goesOnWithTheOtherServersWhenOneIsUnknown() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().run("probe", "no-such-host.invalid:80", peer.hostPort()).exitsWith(1);

      assertThat(cli.out())
          .contains("no-such-host.invalid:80  not resolved after ", "no address known for ")
          .contains("connected in ");
    }
  }

  @Test
  void probesWhatAFileNames(@TempDir Path folder) throws IOException {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Path file = folder.resolve("servers");
      Files.writeString(file, peer.hostPort() + " weight=3 priority=1\n");

      Cli cli = Cli.toFiles().run("probe", "file:" + file).exitsWith(0);

      assertThat(cli.out())
          .startsWith("file " + file + "  1 server, found in ")
          .contains("\n" + peer.hostPort() + "  priority 1  weight 3  1 address, resolved in ")
          .contains("connected in ");
    }
  }

  @Test
  void probesTheAddressesOfAName() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().run("probe", "dns:127.0.0.1:" + peer.port()).exitsWith(0);

      assertThat(cli.out()).startsWith("addresses of 127.0.0.1  1 server, found in ");
    }
  }

  @Test
  void triesEveryAddressOfANameAndTellsWhichOneRefuses(@TempDir Path folder) throws Exception {
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 two.test\n127.0.0.2 two.test\n");
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      Path out = folder.resolve("out");
      Process probe =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.net.hosts.file=" + hosts,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "probe",
                  "two.test:" + peer.port())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      try {
        assertThat(probe.waitFor(20, TimeUnit.SECONDS)).as("it has ended").isTrue();
      } finally {
        probe.destroyForcibly();
      }

      assertThat(Files.readString(out))
          .startsWith("two.test:" + peer.port() + "  2 addresses, resolved in ")
          .containsPattern("\n  127\\.0\\.0\\.1 +connected in [0-9.]+ ms\n")
          .containsPattern("\n  127\\.0\\.0\\.2 +failed after .*: Connection refused\n");
      assertThat(probe.exitValue()).as("it was reached at one of them").isZero();
    }
  }

  @Test
  void tellsWhyNoServerWasFound(@TempDir Path folder) throws IOException {
    assertThat(Cli.toFiles().run("probe", "file:" + folder.resolve("none")).exitsWith(1).out())
        .contains("failed after ");
    Files.writeString(folder.resolve("empty"), "# nobody\n");
    assertThat(Cli.toFiles().run("probe", "file:" + folder.resolve("empty")).exitsWith(1).out())
        .contains("0 servers");
    assertThat(
            Cli.toFiles()
                .run("probe", "srv:_x._tcp.test", "--dns-server", "127.0.0.1:" + Ports.unused())
                .exitsWith(1)
                .out())
        .contains("service _x._tcp.test  failed after ", "DNS server");
  }

  @Test
  void refusesSourcesThatAreNoneOrNotAlone() {
    assertThat(Cli.toFiles().run("probe", "srv:_x._tcp.test", "a:1").exitsWith(2).err())
        .contains("srv:_x._tcp.test must be the only argument");
    assertThat(Cli.toFiles().run("probe", "dns:name").exitsWith(2).err())
        .contains("endpoint must be host:port");
    assertThat(Cli.toFiles().run("probe", "srv:a..b").exitsWith(2).err()).contains("DNS name must");
    assertThat(Cli.toFiles().run("probe", "a:1", "--dns-server", "::1").exitsWith(2).err())
        .contains("--dns-server goes with dns: or srv:");
    assertThat(
            Cli.toFiles()
                .run("probe", "srv:_x._tcp.test", "--dns-server", "ns.example")
                .exitsWith(2)
                .err())
        .contains("DNS server must be an IP address");
  }

  @Test
  void showsWhereABalancerSendsCalls() {
    try (TcpPeer one = TcpPeer.start(Behaviour.sink());
        TcpPeer other = TcpPeer.start(Behaviour.sink())) {
      Cli cli =
          Cli.toFiles()
              .run("probe", "--picks", "100", one.hostPort(), other.hostPort())
              .exitsWith(0);

      assertThat(cli.out())
          .contains("100 calls")
          .containsPattern(one.hostPort() + " +up +50 picks, \\d+ served, load 0")
          .containsPattern(other.hostPort() + " +up +50 picks, \\d+ served, load 0");
      assertThat(one.awaitAccepted(1).bytesReceived()).isZero();
    }
  }

  @Test
  void saysWhyNoCallCouldBeMade() {
    try (TcpPeer peer = TcpPeer.start(Behaviour.sink())) {
      peer.kill();
      Cli cli =
          Cli.toFiles()
              .run("probe", "--picks", "5", "--connect-timeout", "100ms", peer.hostPort())
              .exitsWith(1);

      assertThat(cli.out())
          .contains("0 calls; then: ")
          .containsPattern(peer.hostPort() + " +down +0 picks, 0 served")
          .containsPattern(peer.hostPort() + " +up -> down: no connection: .*Connection refused\n");
    }
  }

  @Test
  void refusesANumberOfPicksOutOfBounds() {
    for (String wrong : new String[] {"-1", "1000001"}) {
      assertThat(Cli.toFiles().run("probe", "a:1", "--picks", wrong).exitsWith(2).err())
          .contains("--picks must be 0 to 1000000");
    }
  }

  @Test
  void refusesWhatIsNoEndpoint() {
    assertThat(Cli.toFiles().run("probe", "localhost").exitsWith(2).err())
        .contains("endpoint must be host:port or [ipv6]:port, but was \"localhost\"");
    assertThat(Cli.toFiles().run("probe").exitsWith(2).err()).contains("HOST:PORT");
    assertThat(Cli.toFiles().run("probe", "a:1", "--connect-timeout", "0").exitsWith(2).err())
        .contains("--connect-timeout must be at least 1 ms");
  }
}
