package io.github.tcppool.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * The server's end of TLS over a channel in non-blocking mode, on the JDK's engine. The caller
 * holds the lock of the {@link Wire}.
 */
final class TlsEnd {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer netIn;
  private final ByteBuffer netOut;

  private boolean begun;

  /** Opened and not read yet. */
  private final ByteBuffer plain;

  TlsEnd(SocketChannel channel, SSLContext context) {
    this.channel = channel;
    engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    int record = engine.getSession().getPacketBufferSize();
    netIn = ByteBuffer.allocate(record).limit(0);
    netOut = ByteBuffer.allocate(2 * record).limit(0);
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
  }

  /** What a step of the handshake waits for. */
  enum Wait {
    NOTHING,
    READ,
    WRITE
  }

  /** Begins the handshake, or goes on with it, as far as that goes without waiting. */
  Wait handshake() throws IOException {
    if (!begun) {
      begun = true;
      engine.beginHandshake();
    }
    while (true) {
      if (!flush()) {
        return Wait.WRITE;
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          int read = read(NOTHING);
          if (read < 0) {
            throw new IOException("the client ended during the handshake");
          }
          if (read == 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            return Wait.READ;
          }
        }
        case NOT_HANDSHAKING, FINISHED -> {
          return Wait.NOTHING;
        }
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** As {@link SocketChannel#read(ByteBuffer)}, of what was sent through TLS. */
  int read(ByteBuffer into) throws IOException {
    while (true) {
      if (plain.hasRemaining() && into.hasRemaining()) {
        return take(into);
      }
      if (engine.isInboundDone()) {
        return -1;
      }
      plain.compact();
      SSLEngineResult result;
      try {
        result = engine.unwrap(netIn, plain);
      } finally {
        plain.flip();
      }
      if (result.getStatus() == Status.CLOSED) {
        return -1;
      }
      if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
        int received = receive();
        if (received <= 0) {
          return received;
        }
      } else if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
        return 0; // it is the handshake's turn to write, or to work
      }
    }
  }

  private int take(ByteBuffer into) {
    int end = plain.limit();
    int count = Math.min(plain.remaining(), into.remaining());
    into.put(plain.limit(plain.position() + count));
    plain.limit(end);
    return count;
  }

  private int receive() throws IOException {
    netIn.compact();
    try {
      return channel.read(netIn);
    } finally {
      netIn.flip();
    }
  }

  /** As {@link SocketChannel#write(ByteBuffer)}, through TLS; what was sealed may wait. */
  int write(ByteBuffer from) throws IOException {
    int before = from.remaining();
    while (flush() && from.hasRemaining()) {
      wrap(from);
    }
    return before - from.remaining();
  }

  private void wrap(ByteBuffer from) throws IOException {
    netOut.clear();
    try {
      SSLEngineResult result = engine.wrap(from, netOut);
      if (from.hasRemaining() && result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
        throw new IOException("TLS takes nothing: " + result.getStatus());
      }
    } finally {
      netOut.flip();
    }
  }

  /** Hands over what was sealed; false if some of it is left. */
  boolean flush() throws IOException {
    if (netOut.hasRemaining()) {
      channel.write(netOut);
    }
    return !netOut.hasRemaining();
  }

  /** Sends {@code close_notify}, if that goes without waiting. */
  void sayEnd() {
    try {
      engine.closeOutbound();
      while (flush() && !engine.isOutboundDone()) {
        wrap(NOTHING);
      }
    } catch (IOException e) {
      // the client will see the end of the connection
    }
  }
}
