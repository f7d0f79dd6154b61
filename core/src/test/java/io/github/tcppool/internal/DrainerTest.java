package io.github.tcppool.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.internal.net.TcpChannel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DrainerTest {

  private static final long NONE = Long.MAX_VALUE;

  private Loopback server;
  private TcpChannel channel;
  private Socket peer;
  private volatile long patienceMillis = 5_000;
  private final AtomicInteger workers = new AtomicInteger();
  private final Drainer drainer =
      new Drainer(
          work -> {
            workers.incrementAndGet();
            new Thread(work, "drainer").start();
          },
          () -> TimeUnit.MILLISECONDS.toNanos(patienceMillis));
  private final CountDownLatch done = new CountDownLatch(1);

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
    connect();
  }

  private void connect() throws IOException {
    channel = TcpChannel.open();
    channel.connect(server.address(), NONE);
    peer = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    channel.close();
    peer.close();
    server.close();
  }

  private boolean isDoneWithin(long millis) throws InterruptedException {
    return done.await(millis, TimeUnit.MILLISECONDS);
  }

  @Test
  void everythingWrittenBeforeIsDeliveredAlthoughThePeerStillTalks() throws Exception {
    byte[] last = new byte[50_000];
    new Random(3).nextBytes(last);
    Loopback.Inside<byte[]> reader =
        Loopback.inside(
            () -> {
              byte[] got = peer.getInputStream().readNBytes(1_000);
              peer.getOutputStream().write(new byte[500_000]); // nobody asked for that
              byte[] rest = peer.getInputStream().readAllBytes();
              peer.close();
              byte[] all = Arrays.copyOf(got, got.length + rest.length);
              System.arraycopy(rest, 0, all, got.length, rest.length);
              return all;
            });
    channel.write(last, 0, last.length, NONE);
    drainer.close(channel, done::countDown);

    assertThat(reader.result()).isEqualTo(last);
    assertThat(isDoneWithin(5_000)).isTrue();
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  void aPeerThatNeverClosesIsCutWhenThePatienceIsOver() throws InterruptedException {
    patienceMillis = 60;
    long begun = System.nanoTime();
    drainer.close(channel, done::countDown);

    assertThat(isDoneWithin(5_000)).isTrue();
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    assertThat(took).isBetween(59L, 2_000L);
    assertThat(channel.isClosed()).isTrue();
  }

  @Test
  void aPeerThatNeverStopsTalkingIsCutToo() throws Exception {
    patienceMillis = 60;
    Loopback.Inside<Void> talker =
        Loopback.inside(
            () -> {
              while (true) {
                peer.getOutputStream().write(new byte[10_000]);
              }
            });
    drainer.close(channel, done::countDown);

    assertThat(isDoneWithin(2_000)).isTrue();
    assertThatThrownBy(talker::result).isInstanceOf(SocketException.class);
  }

  @Test
  void severEndsThePatienceAtOnce() throws InterruptedException {
    drainer.close(channel, done::countDown);
    assertThat(isDoneWithin(30)).as("while the peer is silent").isFalse();

    assertThat(drainer.sever(channel)).isTrue();

    assertThat(isDoneWithin(2_000)).isTrue();
    assertThat(drainer.sever(channel)).as("when it is over").isFalse();
  }

  @Test
  void noPatienceClosesAtOnceWithoutAWorker() throws InterruptedException {
    patienceMillis = 0;
    drainer.close(channel, done::countDown);

    assertThat(isDoneWithin(0)).isTrue();
    assertThat(workers).hasValue(0);
  }

  @Test
  void aPeerThatHasClosedNeedsNoWorker() throws Exception {
    peer.close();
    assertThat(channel.fill(NONE)).isFalse();
    drainer.close(channel, done::countDown);

    assertThat(isDoneWithin(0)).isTrue();
    assertThat(workers).hasValue(0);
  }

  @Test
  void oneWorkerServesAllAndAnotherComesAfterItLeft() throws Exception {
    CountDownLatch all = new CountDownLatch(5);
    Socket[] peers = new Socket[5];
    for (int i = 0; i < 5; i++) {
      connect();
      peers[i] = peer;
      drainer.close(channel, all::countDown);
    }
    for (Socket each : peers) {
      each.close();
    }
    assertThat(all.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(workers.get()).isEqualTo(1);
    connect();
    drainer.close(channel, done::countDown);
    peer.close();

    assertThat(isDoneWithin(5_000)).isTrue();
  }

  @Test
  void aFaultInWhatComesAfterOneCloseDoesNotStopTheOthers() throws Exception {
    drainer.close(
        channel,
        () -> {
          throw new IllegalStateException("in a listener");
        });
    Socket first = peer;
    connect();
    drainer.close(channel, done::countDown);
    first.close();
    peer.close();

    assertThat(isDoneWithin(5_000)).isTrue();
  }

  @Test
  void withoutAThreadTheCloseIsAbruptButDone() throws InterruptedException {
    Drainer threadless =
        new Drainer(
            work -> {
              throw new OutOfMemoryError("unable to create native thread");
            },
            () -> TimeUnit.SECONDS.toNanos(5));
    threadless.close(channel, done::countDown);

    assertThat(isDoneWithin(0)).isTrue();
    assertThat(channel.isClosed()).isTrue();
  }
}
