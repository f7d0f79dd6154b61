package io.github.tcppool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class LoadServerTest {

  @Test
  void sinkCountsTheBytesOfAllConnections() throws Exception {
    try (LoadServer sink = LoadServer.start(LoadServer.Mode.SINK);
        Socket one = connect(sink);
        Socket other = connect(sink)) {
      one.getOutputStream().write(new byte[1_000_000]);
      other.getOutputStream().write(new byte[23]);

      await().untilAsserted(() -> assertThat(sink.bytesReceived()).isEqualTo(1_000_023));
    }
  }

  @Test
  void echoSendsBackWhatAClientWasSlowToRead() throws Exception {
    byte[] sent = new byte[16 << 20]; // more than the buffers of the kernel hold
    sent[sent.length - 1] = 7;
    try (LoadServer echo = LoadServer.start(LoadServer.Mode.ECHO);
        Socket client = connect(echo)) {
      Thread writer = Threads.platform().newThread(() -> write(client, sent));
      writer.start();
      await().until(() -> isStuck(echo));

      byte[] received = client.getInputStream().readNBytes(sent.length);

      assertThat(received).isEqualTo(sent);
      assertThat(echo.bytesReceived()).isEqualTo(sent.length);
      writer.join();
    }
  }

  /** Whether the count stood still from one look to the next, after something had arrived. */
  private static boolean isStuck(LoadServer server) {
    long seen = server.bytesReceived();
    return seen > 0 && await().until(server::bytesReceived, count -> count >= seen) == seen;
  }

  private static void write(Socket client, byte[] bytes) {
    try {
      client.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Socket connect(LoadServer server) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.port());
  }
}
