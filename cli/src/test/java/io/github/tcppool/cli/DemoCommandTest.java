package io.github.tcppool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DemoCommandTest {

  @Test
  void losesNothingInActs1And2And4AndExplainsTheLossOfAct3() {
    Cli cli = Cli.toFiles().run("demo", "--fast").exitsWith(0);

    assertThat(cli.out())
        .containsPattern("\n1  send, a server restarts in an orderly way +1,800 +1,800 +0 +0\n")
        .containsPattern("\n2  exchange \\(idempotent\\), a server is killed +900 +900 +0 +\\d+\n")
        .containsPattern(
            "\n3  send, a server stalls and is killed +1,800 +1,7\\d\\d +[1-9]\\d* +0\n")
        .containsPattern(
            "\n4  exchange \\(idempotent\\), a server breaks +900 +900 +0 +[1-9]\\d*\n")
        .containsPattern("act 4 .* pool: B up -> ejected: 5 calls in a row failed: ")
        .contains("pool: B ejected -> half open: its ejection is over")
        .contains("Only a reply proves delivery", "Acts 1, 2 and 4 lost nothing, as promised.")
        .doesNotContain("\u001b");
  }

  @Test
  void showsALiveTableOnATerminalAndEndsWhenInterrupted() {
    Cli cli = Cli.toScreen().start("demo");
    await()
        .until(() -> cli.out().contains("reconnects") && cli.out().contains("\u001b[6A\r\u001b[J"));

    cli.ctrlC().exitsWith(130);

    assertThat(cli.out())
        .contains(
            "endpoint", "server", "state", "picks", "round trip", "ejections", "Stopped early.");
  }
}
