package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GateTest {

  private static final int READ = SelectionKey.OP_READ;

  private Loopback server;
  private SocketChannel channel;
  private Socket peer;
  private Gate gate;

  @BeforeEach
  void open() throws IOException {
    server = new Loopback();
    connect();
  }

  private void connect() throws IOException {
    channel = SocketChannel.open(server.address());
    channel.configureBlocking(false);
    peer = server.accept();
    gate = new Gate(channel);
  }

  @AfterEach
  void close() throws IOException {
    channel.close();
    gate.close();
    peer.close();
    server.close();
  }

  private static long in(long millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void assertSaysClosed() {
    assertThatThrownBy(() -> gate.await(READ, in(5_000), "late"))
        .isInstanceOf(SocketException.class)
        .hasMessage("Socket closed");
  }

  @Test
  void itWaitsNoLongerThanTheDeadlineAndOnlyIfNeeded() throws IOException {
    assertThatThrownBy(() -> gate.await(READ, System.nanoTime(), "late at once"))
        .hasMessage("late at once");
    assertThatThrownBy(
            () -> {
              long deadline = in(20);
              while (true) {
                gate.await(READ, deadline, "late");
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
    peer.getOutputStream().write(1);
    gate.await(READ, in(5_000), "late");
    gate.await(SelectionKey.OP_WRITE, in(5_000), "late");
  }

  @Test
  void aChannelClosedBeforeTheGateIsToldAsClosed() throws IOException {
    waitOnce();
    channel.close(); // the closer has not come to the gate yet

    assertSaysClosed();
    assertSaysClosed();
  }

  private void waitOnce() {
    assertThatThrownBy(
            () -> {
              long deadline = in(3);
              while (true) {
                gate.await(READ, deadline, "late");
              }
            })
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aSelectorTakenAfterTheCloseIsNotLeftOpen() throws IOException {
    long before = Descriptors.open();
    for (int i = 0; i < 50; i++) {
      Socket old = peer;
      connect();
      channel.close();
      gate.close(); // sees no selector
      assertSaysClosed();
      old.close();
      peer.close();
    }
    assertThat(Descriptors.open()).isLessThanOrEqualTo(before);
  }

  @Test
  void closeAmidRelaxLeavesNoClosedSelectorForOthers() throws Exception {
    for (int round = 0; round < 150; round++) {
      waitForNothing();
      Gate closing = gate;
      Loopback.Inside<Void> closer =
          Loopback.inside(
              () -> {
                closing.close();
                return null;
              });
      closing.relax();
      closer.result();
      gate = new Gate(channel);
    }
    for (int i = 0; i < 16; i++) {
      assertThat(Selectors.SHARED.take().isOpen()).as("a selector from the free list").isTrue();
    }
  }

  private void waitForNothing() throws IOException {
    gate.await(SelectionKey.OP_WRITE, in(5_000), "late");
  }

  @Test
  void closeWhileWaitingOrAboutToWaitAlwaysEndsTheWait() throws Exception {
    for (int round = 0; round < 60; round++) {
      SocketChannel mine = channel;
      Gate waited = gate;
      Loopback.Inside<Void> waiter =
          round % 2 == 0 ? Loopback.inside(() -> waitForEver(waited)) : null;
      Thread racer = null;
      SocketException[] seen = new SocketException[1];
      if (waiter == null) {
        racer = new Thread(() -> seen[0] = outcome(waited));
        racer.start();
        spin(ThreadLocalRandom.current().nextInt(50_000));
      }
      mine.close();
      waited.close();
      if (waiter != null) {
        assertThatThrownBy(waiter::result).isInstanceOf(SocketException.class);
      } else {
        racer.join(5_000);
        assertThat(seen[0]).hasMessage("Socket closed");
      }
      peer.close();
      connect();
    }
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  private static SocketException outcome(Gate gate) {
    try {
      waitForEver(gate);
      return null;
    } catch (SocketException e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Void waitForEver(Gate gate) throws IOException {
    while (true) {
      gate.await(READ, in(10_000), "late");
    }
  }

  @Test
  void aFreeListTakesSelectorsBackUpToItsLimit() throws IOException {
    Selectors list = new Selectors();
    Selector[] all = new Selector[20];
    for (int i = 0; i < all.length; i++) {
      all[i] = Selector.open();
    }
    for (Selector selector : all) {
      list.give(selector);
    }
    assertThat(all[15].isOpen()).isTrue();
    assertThat(all[16].isOpen()).as("more than the list keeps").isFalse();
    assertThat(list.take()).isSameAs(all[15]);
    for (Selector selector : all) {
      selector.close();
    }
  }
}
