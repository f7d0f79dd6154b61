package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One look at many channels sees what arrived on each of them. */
@Timeout(30)
class LookoutTest {

  private static final long GOOD_NANOS = 1_000;

  private final Lookout lookout = new Lookout(GOOD_NANOS);
  private Loopback server;
  private long now = System.nanoTime();

  private record Line(TcpChannel channel, Socket peer, Lookout.Post post) {}

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
  }

  @AfterEach
  void close() throws IOException {
    lookout.close();
    server.close();
  }

  private Line line() throws IOException {
    TcpChannel channel = TcpChannel.open();
    channel.connect(server.address(), Long.MAX_VALUE);
    return new Line(channel, server.accept(), lookout.post(channel));
  }

  /** Whether a look that is not older than this moment finds it quiet. */
  private boolean isQuiet(Line line) {
    now += GOOD_NANOS;
    return lookout.isQuiet(line.post(), now);
  }

  @Test
  void whatNothingArrivedOnIsQuiet() throws IOException {
    Line line = line();
    assertThat(isQuiet(line)).isTrue();
    line.channel().close();
  }

  @Test
  void bytesAnEndAndAResetAreSeenOnTheirChannelsAlone() throws IOException {
    Line quiet = line();
    Line bytes = line();
    Line end = line();
    Line reset = line();
    bytes.peer().getOutputStream().write(1);
    end.peer().close();
    reset.peer().setSoLinger(true, 0);
    reset.peer().close();
    Awaitility.await().until(() -> !isQuiet(bytes) && !isQuiet(end) && !isQuiet(reset));
    assertThat(isQuiet(quiet)).isTrue();
  }

  @Test
  void aLookIsNotRepeatedAsLongAsItIsGood() throws IOException {
    Line line = line();
    assertThat(isQuiet(line)).isTrue();
    line.peer().getOutputStream().write(1);
    Awaitility.await().until(() -> line.channel().probe() == Probe.DATA);
    assertThat(lookout.isQuiet(line.post(), now + GOOD_NANOS - 1)).isTrue();
    line.peer().getOutputStream().write(1);
    Awaitility.await().until(() -> !isQuiet(line));
  }

  @Test
  void aMarkThatWasTakenAwayTooEarlyComesBack() throws IOException {
    Line line = line();
    line.peer().getOutputStream().write(1);
    Awaitility.await().until(() -> !isQuiet(line));
    line.post().calm();
    assertThat(isQuiet(line)).isFalse();
    assertThat(line.channel().probe()).isEqualTo(Probe.DATA);
    line.post().calm();
    assertThat(isQuiet(line)).isTrue();
  }

  @Test
  void aChannelThatHasLeftIsReallyClosed() throws IOException {
    assumeTrue(Descriptors.open() > 0, "needs /proc/self/fd");
    Line stays = line();
    Line leaves = line();
    assertThat(isQuiet(stays)).isTrue();
    long before = Descriptors.open();
    lookout.leave(leaves.post());
    leaves.channel().close();
    assertThat(Descriptors.open()).isLessThan(before);
    assertThat(leaves.peer().getInputStream().read()).isEqualTo(-1);
    assertThat(isQuiet(stays)).isTrue();
  }

  @Test
  void nothingIsKnownOnceItIsClosed() throws IOException {
    Line line = line();
    lookout.close();
    assertThat(isQuiet(line)).isFalse();
    assertThat(lookout.post(line.channel())).isNull();
    lookout.leave(line.post());
    line.channel().close();
    assertThat(line.peer().getInputStream().read()).isEqualTo(-1);
  }
}
