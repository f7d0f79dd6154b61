package io.github.tcppool.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.tcppool.cli.terminal.StopRequest;
import io.github.tcppool.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demonstration must be able to fail. */
class AccountTest {

  private static final List<Script> SAVED =
      List.of(Script.ORDERLY_RESTART, Script.KILLED_WHILE_ASKED, Script.BROKEN);

  @Test
  void aLostMessageBreaksThePromiseOfAllActsButTheThird() {
    for (Script script : SAVED) {
      assertThat(new Account(script, 100, 0, 100, 7).isAsPromised()).isTrue();
      assertThat(new Account(script, 100, 0, 99, 0).isAsPromised()).isFalse();
    }
    assertThat(new Account(Script.KILLED_WITH_UNREAD, 100, 0, 40, 0).isAsPromised()).isTrue();
  }

  @Test
  void aFailedCallBreaksItToo() {
    for (Script script : SAVED) {
      assertThat(new Account(script, 100, 1, 100, 0).isAsPromised()).isFalse();
    }
  }

  @Test
  void itCountsMessagesOfItsActByWhatServersHaveRead() throws IOException {
    try (Server a = new Server("A");
        Server b = new Server("B")) {
      tell(a, 1, 0, 1, 2, 2);
      tell(a, 2, 5);
      tell(b, 1, 2, 4);

      Account account = Account.of(Script.ORDERLY_RESTART, 6, 0, List.of(a, b));

      assertThat(account.received()).as("0, 1, 2 and 4").isEqualTo(4);
      assertThat(account.lost()).as("3 and 5").isEqualTo(2);
      assertThat(account.duplicated()).as("2, twice").isEqualTo(2);
      assertThat(account.isAsPromised()).isFalse();
    }
  }

  private static void tell(Server server, int act, int... numbers) throws IOException {
    long before = server.received();
    int port = Integer.parseInt(server.hostPort().substring(server.hostPort().indexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int number : numbers) {
        socket.getOutputStream().write(new Server.Message(act, number, false).line());
      }
    }
    await().until(() -> server.received() == before + numbers.length);
  }

  @Test
  void aBrokenPromiseIsToldAsFailure() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Terminal terminal = new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false, false);
    Demo demo = new Demo(terminal, new StopRequest(), Pace.forMachines());
    Account kept = new Account(Script.ORDERLY_RESTART, 10, 0, 10, 0);
    Account broken = new Account(Script.BROKEN, 10, 2, 7, 0);

    assertThat(String.join("\n", demo.accounts(List.of(kept, broken))))
        .contains("FAILED: acts 1, 2 and 4 must lose nothing.", "2 calls failed")
        .containsPattern("4  exchange \\(idempotent\\), a server breaks +10 +7 +3 +0")
        .doesNotContain("as promised");
    assertThat(demo.accounts(List.of(kept))).contains("Acts 1, 2 and 4 lost nothing, as promised.");
  }
}
