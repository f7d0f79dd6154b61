package io.github.tcppool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServeCommandTest {

  @Test
  void echoesWhatItGetsUntilItIsStopped() throws Exception {
    Cli cli = Cli.toFiles().start("serve", "echo");
    try (Socket client = connect(cli)) {
      client.getOutputStream().write("hello\n".getBytes(UTF_8));
      assertThat(client.getInputStream().readNBytes(6)).asString(UTF_8).isEqualTo("hello\n");
      client.shutdownOutput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    cli.ctrlC().exitsWith(130);

    assertThat(cli.err()).contains("received 1 line, 6 B, over 1 connection");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void printsWholeLinesOfManyClients() throws Exception {
    Cli cli = Cli.toFiles().start("serve", "--print");
    try (Socket a = connect(cli);
        Socket b = connect(cli)) {
      a.getOutputStream().write("from ".getBytes(UTF_8));
      b.getOutputStream().write("from b\n".getBytes(UTF_8));
      await().until(() -> cli.out().equals("from b\n"));
      a.getOutputStream().write("a\nend\u001b[0m".getBytes(UTF_8));
    }
    await().until(() -> cli.out().endsWith("m"));
    cli.ctrlC().exitsWith(130);

    assertThat(cli.out()).isEqualTo("from b\nfrom a\nend\u001b[0m");
  }

  @Test
  void escapesWhatItPrintsOnATerminal() throws Exception {
    Cli cli = Cli.toScreen().start("serve", "--print");
    try (Socket client = connect(cli)) {
      client.getOutputStream().write("\u001b[2Jevil\nno end".getBytes(UTF_8));
    }
    await().until(() -> cli.out().equals("\\x1b[2Jevil\nno end\n"));
    cli.ctrlC().exitsWith(130);
  }

  @Test
  void saysGoodByeToItsClientsAndReadsWhatTheyStillSend() throws Exception {
    Cli cli = Cli.toFiles().start("serve", "sink");
    try (Socket client = connect(cli)) {
      client.getOutputStream().write("early\n".getBytes(UTF_8));
      cli.ctrlC();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      client.getOutputStream().write("late\n".getBytes(UTF_8));
      client.shutdownOutput();
      cli.exitsWith(130);
    }

    assertThat(cli.err()).contains("received 2 lines, 11 B").doesNotContain("cut");
  }

  @Test
  void cutsClientsThatDoNotEnd() throws Exception {
    Cli cli = Cli.toFiles().start("serve", "--drain", "10ms");
    try (Socket client = connect(cli)) {
      client.getOutputStream().write('x');
      cli.ctrlC().exitsWith(130);
    }

    assertThat(cli.err()).contains(", 1 cut in the end");
  }

  @Test
  void letsClientsWaitWhoAreTooMany() throws Exception {
    Cli cli = Cli.toFiles().start("serve", "echo", "--max-connections", "1");
    try (Socket second = serveSecondAfterFirst(cli)) {
      assertThat(second.getInputStream().read()).isEqualTo('2');
    }
    cli.ctrlC().exitsWith(130);
    assertThat(cli.err()).contains("over 2 connections");
  }

  private static Socket serveSecondAfterFirst(Cli cli) throws IOException {
    try (Socket first = connect(cli)) {
      first.getOutputStream().write('1');
      assertThat(first.getInputStream().read()).isEqualTo('1');
      Socket second = connect(cli);
      second.getOutputStream().write('2');
      assertThat(second.getInputStream().available()).isZero();
      return second;
    }
  }

  @Test
  void showsTheRateOnATerminal() throws Exception {
    Cli cli = Cli.toScreen().start("serve");
    try (Socket client = connect(cli)) {
      client.getOutputStream().write("x\n".getBytes(UTF_8));
      cli.awaitErr("received 1 line, 2 B, over 1 connection, 1 open, now [0-9]+ lines/s");
    }
    cli.ctrlC().exitsWith(130);
  }

  @Test
  void tellsThatAPortIsTaken() {
    try (TcpPeer other = TcpPeer.start(Behaviour.sink())) {
      Cli cli = Cli.toFiles().run("serve", "--port", "" + other.port()).exitsWith(3);

      assertThat(cli.err())
          .startsWith("tcp-pool: cannot listen on 127.0.0.1 port " + other.port() + ": ")
          .hasLineCount(1);
    }
  }

  @Test
  void refusesBadOptions() {
    assertRefused("--port must be 0 to 65535, but was 65536", "--port", "65536");
    assertRefused("--max-connections must be at least 1, but was 0", "--max-connections", "0");
    assertRefused("--bind must be an address of this machine", "--bind", "no-such-host.invalid");
    assertRefused("expected one of [sink, echo]", "shout");
  }

  private static void assertRefused(String reason, String... options) {
    String[] command = new String[options.length + 1];
    command[0] = "serve";
    System.arraycopy(options, 0, command, 1, options.length);
    assertThat(Cli.toFiles().run(command).exitsWith(2).err()).contains(reason);
  }

  private static Socket connect(Cli cli) throws IOException {
    String port = cli.awaitErr("listening on 127\\.0\\.0\\.1:(\\d+) ");
    return new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }
}
