package io.github.tcppool;

import static io.github.tcppool.Bench.linesTo;
import static io.github.tcppool.Bench.utf8;
import static io.github.tcppool.Bench.within;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every framing over real connections, with peers that keep to it, cut it and break it. */
class FramingsOnTheWireTest {

  /** A framing, a message of it in its frame, and what a peer must not send. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to the arrays
  enum Wire {
    LINES(Framing.lines().withMaxMessageBytes(9), "hello\n", "0123456789"),
    STRICT_LINES(Framing.lines().withUtf8Check().withoutNulOrBareCr(), "hello\n", "a\u00ff"),
    DELIMITER(Framing.delimiter((byte) 0).withMaxMessageBytes(9), "hello\0", "0123456789"),
    LENGTH_1(Framing.lengthPrefix(1).withMaxMessageBytes(9), "\5hello", "\12"),
    LENGTH_2(Framing.lengthPrefix(2).lengthIncludesHeader(), "\0\7hello", "\0\1"),
    LENGTH_4(Framing.lengthPrefix(4), "\0\0\0\5hello", "\u0080\0\0\1"),
    LENGTH_8(Framing.lengthPrefix(8), "\0\0\0\0\0\0\0\5hello", "\u00ff\0\0\0\0\0\0\1"),
    VARINT(Framing.varint(), "\5hello", "\u00ff\u00ff\u00ff\u00ff\u00ff"),
    NETSTRING(Framing.netstring(), "5:hello,", "01:"),
    FIXED(Framing.fixed(5), "hello", null);

    final Framing framing;
    final byte[] frame;
    final String broken;

    Wire(Framing framing, String frame, String broken) {
      this.framing = framing;
      this.frame = frame.getBytes(ISO_8859_1);
      this.broken = broken;
    }
  }

  @RegisterExtension final Bench bench = new Bench();
  private final Events events = new Events();

  private TcpPool pool(TcpPeer peer, Framing framing) {
    return bench.pool(linesTo(peer.hostPort()).framing(framing).connections(0, 1).listener(events));
  }

  private static byte[] start(byte[] frame) {
    return Arrays.copyOf(frame, frame.length - 1);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aReplyThatArrivesByteByByteIsWhole(Wire wire) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().sendingSlowly(1, Duration.ofNanos(1)));
    TcpPool pool = pool(peer, wire.framing);
    for (int i = 0; i < 3; i++) {
      assertThat(pool.exchange(utf8("hello"), within(3_000))).isEqualTo(utf8("hello"));
    }
    assertThat(peer.accepted()).isEqualTo(1);
    assertThat(peer.connection(1).received()).startsWith(wire.frame);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aReplyThatIsCutByTheEndOfTheStreamIsAnError(Wire wire) throws Exception {
    TcpPeer peer =
        bench.peer(answering(wire, Behaviour.sends(start(wire.frame)).then(Behaviour.close())));
    assertBadFrame(peer, wire, "stream ended within a frame");
  }

  @ParameterizedTest
  @EnumSource(value = Wire.class, mode = EnumSource.Mode.EXCLUDE, names = "FIXED")
  void aReplyThatBreaksTheFramingIsAnErrorAndNothingBehindItIsRead(Wire wire) throws Exception {
    String thenWhole = wire.broken + new String(wire.frame, ISO_8859_1);
    TcpPeer peer = bench.peer(answering(wire, Behaviour.sends(thenWhole.getBytes(ISO_8859_1))));
    assertBadFrame(peer, wire, "must");
  }

  private static Behaviour answering(Wire wire, Behaviour answer) {
    return Behaviour.sink().afterBytes(wire.frame.length, answer);
  }

  private void assertBadFrame(TcpPeer peer, Wire wire, String reason) throws IOException {
    TcpPool pool = pool(peer, wire.framing);
    assertThatThrownBy(() -> pool.exchange(utf8("hello"), within(3_000)))
        .isInstanceOf(ReplyFailedException.class)
        .hasCauseInstanceOf(FrameException.class)
        .hasMessageContaining(reason);
    events.awaitClosed(CloseReason.BAD_FRAME, 1);
    peer.behaveForNew(Behaviour.echo());
    assertThat(pool.exchange(utf8("hello"), within(3_000))).isEqualTo(utf8("hello"));
    assertThat(peer.accepted()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void aReceiverGetsWhatIsWholeAndNothingOfWhatIsCutOrBroken(Wire wire) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(linesTo(peer.hostPort()).framing(wire.framing).connections(1).listener(events));
    Bench.awaitIdle(pool, 1);
    var connection = peer.awaitAccepted(1);
    connection.send(wire.frame);
    connection.send(wire.broken == null ? start(wire.frame) : wire.broken.getBytes(ISO_8859_1));
    connection.close();
    assertThat(pool.receive(within(3_000))).isEqualTo(utf8("hello"));
    assertThatThrownBy(() -> pool.receive(within(50))).isInstanceOf(CallTimeoutException.class);
    events.awaitClosed(CloseReason.BAD_FRAME, 1);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void whatCannotBeFramedIsRefusedBeforeAByteIsWritten(Wire wire) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool = pool(peer, wire.framing);
    byte[] tooLong = new byte[wire.framing.maxMessageBytes() + 1];
    Arrays.fill(tooLong, (byte) 'x');
    assertThatIllegalArgumentException().isThrownBy(() -> pool.send(tooLong));
    assertThatIllegalArgumentException().isThrownBy(() -> pool.exchange(tooLong));
    assertThat(pool.snapshot().opened()).isZero();
    pool.send(utf8("hello"));
    peer.awaitBytes(wire.frame.length);
    assertThat(peer.connection(1).received()).isEqualTo(wire.frame);
  }

  @Test
  void aFrameThatDripsIsBoundedByTheDeadlineOfItsCall() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo().sendingSlowly(1, Duration.ofMillis(30)));
    TcpPool pool = pool(peer, Framing.lines());
    long start = System.nanoTime();
    assertThatThrownBy(() -> pool.exchange(utf8("x".repeat(1_000)), within(200)))
        .isInstanceOf(CallTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    events.awaitClosed(CloseReason.TIMED_OUT, 1);
    peer.behave(Behaviour.sink());
  }

  // ---- memory ----

  @ParameterizedTest
  @ValueSource(ints = {1 << 16, (1 << 17) + 1, (1 << 20) - 70, 1 << 20, (1 << 20) + 1})
  void readingAFrameAllocatesLessThanFourTimesTheMaximum(int max) throws Exception {
    TcpPeer peer = bench.peer(Behaviour.echo());
    TcpPool pool = pool(peer, Framing.lengthPrefix(4).withMaxMessageBytes(max));
    byte[] message = new byte[max];
    assertThat(pool.exchange(message, within(3_000))).hasSize(max); // classes, direct buffers
    pool.lease().discard();
    pool.lease().close(); // a new connection, whose buffers begin small
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    byte[] reply = pool.exchange(message, within(3_000));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(reply).hasSize(max);
    assertThat(allocated).isLessThanOrEqualTo(4L * max + (64 << 10));
  }

  @Test
  void emptyFramesThatNobodyAskedForAreNotKeptWithoutEnd() throws Exception {
    TcpPeer peer = bench.peer(Behaviour.sink());
    TcpPool pool =
        bench.pool(
            linesTo(peer.hostPort())
                .framing(Framing.lines().allowEmpty())
                .maxInboundBytes(1 << 16)
                .connections(0, 1)
                .listener(events));
    pool.send(utf8("hello"));
    peer.awaitFrames(1);
    for (int i = 0; i < 3; i++) {
      int ended = i + 1;
      peer.awaitAccepted(ended).send("\n".repeat(100_000));
      await().until(() -> hasEnded(pool, ended));
    }
    int each = (1 << 16) / 32; // what an empty frame counts
    assertThat(pool.snapshot().inboundFrames()).isBetween(1, 3 * each);
  }

  private boolean hasEnded(TcpPool pool, int connections) throws IOException {
    pool.send(utf8("hello"), within(3_000));
    return pool.snapshot().opened() > connections;
  }
}
