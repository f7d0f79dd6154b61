package io.github.tcppool.internal.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;

/** The first handshake of a connection, waiting in the gates of its channel. */
final class TlsHandshake {

  private static final String TIMEOUT = "TLS handshake timed out";

  private final TlsLayer layer;
  private final Gate reading;
  private final Gate writing;
  private final long deadlineNanos;

  private TlsHandshake(TlsLayer layer, Gate reading, Gate writing, long deadlineNanos) {
    this.layer = layer;
    this.reading = reading;
    this.writing = writing;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Makes the layer, waiting until the deadline.
   *
   * @throws javax.net.ssl.SSLException when the two do not agree, or the peer does not speak TLS
   */
  static TlsLayer perform(
      SocketChannel channel, SSLEngine engine, Gate reading, Gate writing, long deadlineNanos)
      throws IOException {
    TlsLayer layer = new TlsLayer(channel, engine);
    TlsHandshake handshake = new TlsHandshake(layer, reading, writing, deadlineNanos);
    engine.beginHandshake();
    try {
      handshake.run();
    } catch (IOException e) {
      handshake.tellPeer();
      throw e;
    }
    layer.establish(!engine.getSession().getProtocol().equals("TLSv1.3"));
    return layer;
  }

  private void run() throws IOException {
    SSLEngine engine = layer.engine();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> send();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> receive();
        case NEED_TASK -> TlsLayer.runTasks(engine);
        case NOT_HANDSHAKING, FINISHED -> {
          return;
        }
      }
    }
  }

  private void send() throws IOException {
    boolean sent = layer.sendOwn();
    while (!sent) {
      writing.await(SelectionKey.OP_WRITE, deadlineNanos, TIMEOUT);
      sent = layer.flush();
    }
  }

  private void receive() throws IOException {
    switch (layer.receiveOwn()) {
      case RECORD -> refuseLate(); // who sends without a pause never lets us wait
      case NOTHING -> reading.await(SelectionKey.OP_READ, deadlineNanos, TIMEOUT);
      case END -> throw new EOFException("peer closed the connection during the TLS handshake");
    }
  }

  private void refuseLate() throws SocketTimeoutException {
    if (deadlineNanos != Long.MAX_VALUE && deadlineNanos - System.nanoTime() <= 0) {
      throw new SocketTimeoutException(TIMEOUT);
    }
  }

  /** Sends the alert that says what we did not like, if it goes without waiting. */
  private void tellPeer() {
    try {
      boolean unused = layer.sayEnd();
    } catch (IOException e) {
      // the peer has gone, or will see the connection end
    }
  }
}
