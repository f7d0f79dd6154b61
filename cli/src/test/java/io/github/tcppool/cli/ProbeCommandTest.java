package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
  void refusesWhatIsNoEndpoint() {
    assertThat(Cli.toFiles().run("probe", "localhost").exitsWith(2).err())
        .contains("endpoint must be host:port or [ipv6]:port, but was \"localhost\"");
    assertThat(Cli.toFiles().run("probe").exitsWith(2).err()).contains("HOST:PORT");
    assertThat(Cli.toFiles().run("probe", "a:1", "--connect-timeout", "0").exitsWith(2).err())
        .contains("--connect-timeout must be at least 1 ms");
  }
}
