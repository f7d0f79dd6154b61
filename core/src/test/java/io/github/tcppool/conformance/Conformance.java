package io.github.tcppool.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tcppool.internal.net.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;

/**
 * One suite for every socket that we hand out, bare and under TLS, on every kind of thread; the
 * JDK's own socket goes through it as well, which shows that the suite asks for nothing new.
 */
@Timeout(20)
@ExtendWith(OnItsThreads.class)
abstract class Conformance {

  @Parameter Kind kind;

  Loopback server;
  Site site;

  @BeforeEach
  final void openServer() throws IOException {
    server = new Loopback();
    site = new Site(kind.origin(), server.address());
  }

  @AfterEach
  final void closeServer() throws IOException {
    site.close();
    server.close();
  }

  /** Runs the action on a thread of its own and returns when that is blocked, or done. */
  final <T> Loopback.Inside<T> inside(Loopback.Action<T> action) {
    return Loopback.inside(kind.threads(), action);
  }

  /** Runs the action on a thread of its own and does not look at it. */
  final <T> Loopback.Inside<T> beside(Loopback.Action<T> action) {
    return Loopback.beside(kind.threads(), action);
  }

  static byte[] random(int bytes) {
    byte[] made = new byte[bytes];
    new Random(bytes).nextBytes(made);
    return made;
  }

  /** A connected socket and its peer. */
  abstract static class Connected extends Conformance {

    /** What the test is about: {@link #below}, or TLS over it. */
    Socket socket;

    Socket below;
    Socket peer;

    /** The peer's end of the TCP connection. */
    Socket peerBelow;

    InputStream in;
    OutputStream out;

    @BeforeEach
    final void connect() throws Exception {
      if (kind.origin().isSecure()) {
        connectThroughTls();
      } else {
        below = site.connected();
        peerBelow = Site.accept(server, below);
        peer = peerBelow;
        socket = below;
        if (kind.isLayered()) {
          layer();
        }
      }
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    private void connectThroughTls() throws Exception {
      Loopback.Inside<SSLSocket> answering =
          beside(
              () -> {
                peerBelow = server.accept();
                SSLSocket end = Tls.server(peerBelow);
                end.startHandshake();
                return end;
              });
      below = site.connected();
      socket = below;
      peer = answering.result();
    }

    private void layer() throws Exception {
      var client = Tls.client(below);
      var answering = Tls.server(peerBelow);
      Loopback.Inside<Void> handshake =
          beside(
              () -> {
                answering.startHandshake();
                return null;
              });
      client.startHandshake();
      handshake.result();
      socket = client;
      peer = answering;
    }

    /** The socket below first: TLS would wait to say good-bye. */
    @AfterEach
    final void disconnect() throws IOException {
      peerBelow.close();
      below.close();
    }

    /** A byte each way. */
    final void assertWorks() throws IOException {
      out.write(17);
      assertThat(peer.getInputStream().read()).isEqualTo(17);
      peer.getOutputStream().write(18);
      assertThat(in.read()).isEqualTo(18);
    }

    final Loopback.Inside<Integer> blockedRead() {
      return stillInside(inside(() -> in.read()));
    }

    /** Writes until the kernel takes no more and the thread blocks. */
    final Loopback.Inside<Void> blockedWrite() {
      return stillInside(
          inside(
              () -> {
                byte[] much = new byte[1 << 20];
                while (true) {
                  out.write(much);
                }
              }));
    }

    private static <T> Loopback.Inside<T> stillInside(Loopback.Inside<T> blocked) {
      assertThat(blocked.isOver()).as("it is over").isFalse();
      return blocked;
    }

    /** Sends back what arrives, until the stream ends. */
    final Loopback.Inside<Long> echoing() {
      return beside(() -> peer.getInputStream().transferTo(peer.getOutputStream()));
    }

    /** Throws away what arrives, until the stream ends. */
    final Loopback.Inside<Long> swallowing() {
      return beside(() -> peer.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }
  }
}
