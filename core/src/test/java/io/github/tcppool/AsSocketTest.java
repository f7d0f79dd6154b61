package io.github.tcppool;

import static io.github.tcppool.Bench.awaitIdle;
import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.PeerConnection;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One socket over all connections: messages stay whole, however they are written. */
class AsSocketTest {

  @RegisterExtension final Bench bench = new Bench();

  private TcpPool poolOfThree(TcpPeer peer) {
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).connections(3));
    awaitIdle(pool, 3);
    return pool;
  }

  @Test
  void messagesStayWholeHoweverTheWritesAreSliced() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    byte[] all = utf8(String.join("\n", PoolContract.lines("a line of some length", 60)) + "\n");
    try (DeadlineSocket socket = poolOfThree(peer).asSocket()) {
      OutputStream out = socket.getOutputStream();
      for (int from = 0, slice = 1; from < all.length; from += slice, slice = slice % 97 + 1) {
        out.write(all, from, Math.min(slice, all.length - from));
      }
    }
    PoolContract.assertReceived(peer, PoolContract.lines("a line of some length", 60));
    assertThat(peer.connections().stream().map(PeerConnection::framesReceived)).containsOnly(20L);
  }

  @Test
  void aPrintWriterAndSingleBytesAreFineWithAFraming() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    try (DeadlineSocket socket = poolOfThree(peer).asSocket()) {
      PrintWriter writer = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
      writer.print("one\n");
      writer.print("two\n");
      writer.flush();
      for (byte one : utf8("three\n")) {
        socket.getOutputStream().write(one);
      }
    }
    PoolContract.assertReceived(peer, List.of("one", "three", "two"));
  }

  @Test
  void withoutAFramingEachWriteIsOneMessage() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = bench.pool(TcpPool.builder(peer.hostPort()).connections(3));
    awaitIdle(pool, 3);
    try (DeadlineSocket socket = pool.asSocket()) {
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(utf8("message\n"));
      }
    }
    peer.awaitFrames(3);
    assertThat(peer.connections()).allSatisfy(one -> assertThat(one.framesReceived()).isEqualTo(1));
  }

  @Test
  void closingWithAnIncompleteMessageSaysWhatWasNotSent() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    DeadlineSocket socket = poolOfThree(peer).asSocket();
    socket.getOutputStream().write(utf8("whole\nhalf"));
    assertThatThrownBy(socket::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not complete")
        .hasMessageContaining("4 bytes");
    assertThat(socket.isClosed()).isTrue();
    socket.close();
    peer.awaitFrames(1);
    assertThat(peer.bytesReceived()).isEqualTo(6);
  }

  @Test
  void closingTheSocketLeavesThePoolOpen() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = poolOfThree(peer);
    DeadlineSocket socket = pool.asSocket();
    socket.close();
    assertThatThrownBy(() -> socket.getOutputStream()).isInstanceOf(SocketException.class);
    assertThat(pool.exchange(utf8("x"))).isEqualTo(utf8("x"));
  }

  @Test
  void closingWakesAReaderAndLeavesItsInterruptFlagAlone() throws Exception {
    TcpPool pool = poolOfThree(bench.peer(Behaviour.silent()));
    DeadlineSocket socket = pool.asSocket();
    Task<Integer> reader = bench.start(() -> socket.getInputStream().read());
    org.awaitility.Awaitility.await()
        .until(() -> reader.thread().getStackTrace().length > 0 && isReceiving(reader));
    socket.close();
    assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    assertThat(reader.keptInterruptFlag()).isFalse();
  }

  private static boolean isReceiving(Task<?> task) {
    return java.util.Arrays.stream(task.thread().getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("lead"));
  }

  @Test
  void aMessageOverTheMaximumFailsTheWriteAndKeepsNothingOfIt() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            TcpPool.builder(peer.hostPort()).framing(Framing.lines().withMaxMessageBytes(10)));
    try (DeadlineSocket socket = pool.asSocket()) {
      OutputStream out = socket.getOutputStream();
      assertThatThrownBy(() -> out.write(utf8("x".repeat(50)))).isInstanceOf(FrameException.class);
      out.write(utf8("fine\n"));
    }
    peer.awaitFrames(1);
    assertThat(peer.texts()).containsExactly("fine\n");
  }

  @Test
  void aWriteThatFailedIsNotSentInPartByTheNext() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    peer.kill();
    TcpPool pool = bench.pool(linesTo(peer.hostPort()).retry(RetryPolicy.attempts(1)));
    try (DeadlineSocket socket = pool.asSocket()) {
      OutputStream out = socket.getOutputStream();
      assertThatThrownBy(() -> out.write(utf8("a\nb\nc")))
          .isInstanceOf(ConnectFailedException.class);
      peer.restart();
      pool.update(options -> options.retry(RetryPolicy.untilDeadline()));
      out.write(utf8("a\nb\nc\n"));
    }
    PoolContract.assertReceived(peer, List.of("a", "b", "c"));
  }
}
