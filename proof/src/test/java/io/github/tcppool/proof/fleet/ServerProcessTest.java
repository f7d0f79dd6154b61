package io.github.tcppool.proof.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Received;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone") // server processes get their ports back
class ServerProcessTest {

  @Test
  void whatWasReceivedCanBeReadAfterAKillAndTheSamePortServesAgain() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.Mode.ECHO)) {
      try (Socket client = connect(server)) {
        client.getOutputStream().write(new Message(1, 1, 5_000).frame());
        assertThat(reply(client)).isEqualTo(new Message(1, 1, 5_000));
        assertThat(server.log().open()).isEqualTo(1);
        server.kill();
        assertThat(server.log().open()).isEqualTo(1);
      }
      assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
      server.restart();
      assertThat(server.log().open()).isZero();
      try (Socket client = connect(server)) {
        client.getOutputStream().write(Message.of(1, 2).frame());
        assertThat(reply(client)).isEqualTo(Message.of(1, 2));
      }
      List<Received> received = server.log().received();
      assertThat(received)
          .extracting(Received::messages)
          .containsExactly(List.of(new Message(1, 1, 5_000)), List.of(Message.of(1, 2)));
    }
  }

  @Test
  void aFrozenServerAnswersOnlyAfterTheThaw() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.Mode.ECHO)) {
      server.freeze();
      try (Socket client = connect(server)) {
        client.setSoTimeout(100);
        client.getOutputStream().write(Message.of(1, 1).frame());
        assertThatThrownBy(() -> reply(client)).isInstanceOf(SocketTimeoutException.class);
        server.thaw();
        client.setSoTimeout(5_000);
        assertThat(reply(client)).isEqualTo(Message.of(1, 1));
      }
    }
  }

  @Test
  void anOrderlyStopReadsToTheEndAndSaysGoodbye() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.Mode.SINK)) {
      try (Socket client = connect(server)) {
        client.getOutputStream().write(Message.of(1, 1).frame());
        client.getOutputStream().write(Message.of(1, 2).frame(), 0, 5);
        client.shutdownOutput();
        server.stop();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(server.isAlive()).isFalse();
      assertThat(server.log().received())
          .singleElement()
          .isEqualTo(
              new Received(
                  server.log().received().get(0).connection(), List.of(Message.of(1, 1)), 5, null));
    }
  }

  private static Socket connect(ServerProcess server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }

  private static Message reply(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    return Message.parse(payload, 0, payload.length);
  }
}
