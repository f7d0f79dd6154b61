package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.internal.net.Loopback;
import io.github.tcppool.testkit.Blackhole;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Differences of connecting: of several at once one wins, and a thread can be called off. */
@ParameterizedClass
@MethodSource("io.github.tcppool.conformance.Kinds#oursUnconnected")
class ConcurrentConnectTest extends Conformance {

  private static Blackhole blackhole;

  @BeforeAll
  static void dig() {
    blackhole = Blackhole.open();
  }

  @AfterAll
  static void fill() {
    blackhole.close();
  }

  @Test
  void ofSeveralConnectsAtOnceOneWinsAndTheOthersAreRefused() throws Exception {
    try (Socket socket = site.unconnected()) {
      List<Loopback.Inside<Boolean>> connecting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        connecting.add(beside(() -> connects(socket)));
      }
      int won = 0;
      for (Loopback.Inside<Boolean> one : connecting) {
        won += one.result() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
      try (Socket peer = Site.accept(server, socket)) {
        socket.getOutputStream().write(1);
        assertThat(peer.getInputStream().read()).isEqualTo(1);
      }
      if (kind.origin().isLent()) {
        assertThat(site.pool().snapshot().endpoints().get(0).leased()).isEqualTo(1);
      }
    }
  }

  private boolean connects(Socket socket) throws IOException {
    try {
      socket.connect(server.address());
      return true;
    } catch (SocketException e) {
      assertThat(e.getMessage()).isIn("already connected", "Connection in progress");
      return false;
    }
  }

  @Test
  void aSecondConnectIsRefusedAtOnceAndLeavesTheFirstAlone() throws Exception {
    try (Site nowhere = new Site(kind.origin(), blackhole.address());
        Socket socket = nowhere.unconnected()) {
      Loopback.Inside<Void> first = connecting(socket);
      assertThatThrownBy(() -> socket.connect(blackhole.address(), 1))
          .isInstanceOf(SocketException.class)
          .hasMessage("Connection in progress");
      assertThat(first.isOver()).isFalse();
      assertThat(socket.isClosed()).isFalse();
    }
  }

  @Test
  void anInterruptEndsABlockedConnect() throws Exception {
    try (Site nowhere = new Site(kind.origin(), blackhole.address());
        Socket socket = nowhere.unconnected()) {
      Loopback.Inside<Void> connecting = connecting(socket);
      connecting.thread().interrupt();
      assertThatThrownBy(connecting::result).isInstanceOf(InterruptedIOException.class);
      assertThat(socket.isClosed()).as("as after every connect that failed").isTrue();
    }
  }

  @Test
  void discardingEndsABlockedConnect() throws Exception {
    try (Site nowhere = new Site(kind.origin(), blackhole.address());
        Socket socket = nowhere.unconnected()) {
      Loopback.Inside<Void> connecting = connecting(socket);
      end(socket);
      assertThatThrownBy(connecting::result).isInstanceOf(SocketException.class);
    }
  }

  private static void end(Socket socket) throws IOException {
    if (socket instanceof PooledSocket pooled) {
      pooled.discard();
    } else {
      socket.close();
    }
  }

  @Test
  void aDeadlineSetBeforehandIsForReadsAndWritesOnly() throws IOException {
    try (DeadlineSocket socket = (DeadlineSocket) site.unconnected()) {
      socket.setDeadline(Duration.ZERO);
      socket.connect(server.address());
      assertThatThrownBy(() -> socket.getOutputStream().write(1))
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private Loopback.Inside<Void> connecting(Socket socket) {
    Loopback.Inside<Void> connecting =
        inside(
            () -> {
              socket.connect(blackhole.address(), 60_000);
              return null;
            });
    assertThat(connecting.isOver()).isFalse();
    return connecting;
  }
}
