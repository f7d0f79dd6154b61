package io.github.tcppool.internal.net;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reading half of a {@link TcpChannel}. For one thread at a time. */
final class Intake {

  private final Gate gate;
  private final Inbound inbound = new Inbound();
  private Layer layer;

  /** Whether an end of the stream that may have cut it short is an error to who reads a stream. */
  private boolean requiresWholeStreams;

  /** Whether the end of the stream was read. Never taken back. */
  private volatile boolean ended;

  /** What broke the last {@link #readMore}. */
  private @Nullable IOException failure;

  /** What the peer, or we, did not like about the other's TLS. May be read by anyone. */
  private volatile @Nullable SSLException tlsFailure;

  private long read;

  Intake(Gate gate, Layer layer) {
    this.gate = gate;
    this.layer = layer;
  }

  void use(Layer other, boolean wholeStreams) {
    layer = other;
    requiresWholeStreams = wholeStreams;
  }

  Inbound inbound() {
    return inbound;
  }

  long bytesRead() {
    return read;
  }

  boolean isEnded() {
    return ended;
  }

  void end() {
    ended = true;
  }

  boolean isCutShort() {
    return layer.isCutShort();
  }

  boolean hasBuffered() {
    return layer.hasBuffered();
  }

  boolean hasUnread() {
    return inbound.hasUnread() || (layer.hasBuffered() && readMore() == Probe.DATA);
  }

  @Nullable SSLException tlsFailure() {
    return tlsFailure;
  }

  int read(byte[] target, int offset, int length, long deadlineNanos) throws IOException {
    if (inbound.hasUnread()) {
      return inbound.get(target, offset, length);
    }
    if (length <= Buffers.SMALL_BYTES) {
      return fill(deadlineNanos) ? inbound.get(target, offset, length) : endOfStream();
    }
    ByteBuffer large = Buffers.LARGE.take();
    try {
      large.limit(Math.min(length, large.capacity()));
      if (!receive(large, deadlineNanos)) {
        return endOfStream();
      }
      int count = large.flip().remaining();
      large.get(target, offset, count);
      return count;
    } finally {
      Buffers.LARGE.give(large);
    }
  }

  /** Who reads a stream, and not frames, cannot see by itself whether it is whole. */
  private int endOfStream() throws SSLException {
    if (requiresWholeStreams && layer.isCutShort()) {
      throw new SSLException("stream ended without close_notify, so it may be cut short");
    }
    return -1;
  }

  boolean fill(long deadlineNanos) throws IOException {
    while (true) {
      switch (readMore()) {
        case DATA -> {
          return true;
        }
        case END -> {
          return false;
        }
        case BROKEN -> throw broken();
        case QUIET -> await(deadlineNanos);
      }
    }
  }

  /**
   * Waits until there is something to read, or returns early. Whole records that TLS holds, and an
   * end that the peer has said but not done, are there without anything arriving any more.
   */
  void awaitInput(long deadlineNanos) throws IOException {
    if (!ended && !layer.hasBuffered()) {
      await(deadlineNanos);
    }
  }

  private void await(long deadlineNanos) throws IOException {
    gate.await(SelectionKey.OP_READ, deadlineNanos, TcpChannel.READ_TIMEOUT);
  }

  private boolean receive(ByteBuffer target, long deadlineNanos) throws IOException {
    while (true) {
      int count = ended ? -1 : take(target);
      if (count > 0) {
        read += count;
        return true;
      }
      if (count < 0) {
        ended = true;
        return false;
      }
      await(deadlineNanos);
    }
  }

  private int take(ByteBuffer target) throws IOException {
    try {
      return layer.read(target);
    } catch (IOException e) {
      throw seen(e);
    }
  }

  private IOException seen(IOException e) {
    if (e instanceof SSLException refused) {
      tlsFailure = refused;
    }
    return gate.known(e);
  }

  Probe readMore() {
    try {
      int count = ended ? -1 : inbound.readFrom(layer);
      if (count == 0) {
        return Probe.QUIET;
      }
      if (count < 0) {
        ended = true;
        return Probe.END;
      }
      read += count;
      return Probe.DATA;
    } catch (IOException e) {
      failure = seen(e);
      return Probe.BROKEN;
    }
  }

  IOException broken() {
    IOException known = failure;
    return known == null ? new SocketException("Connection broken") : known;
  }

  /** Waits until the peer has said something of TLS since its handshake, or until the moment. */
  void awaitPeerAfterTls(TlsLayer tls, long untilNanos) throws IOException {
    while (!tls.hasHeardFromPeer()) {
      Probe seen = readMore();
      if (seen == Probe.BROKEN) {
        throw broken();
      }
      if (seen == Probe.END) {
        throw new SSLException("it closed the connection after the handshake");
      }
      if (seen == Probe.DATA || tls.hasHeardFromPeer() || !isMoreComing(untilNanos)) {
        return;
      }
    }
  }

  private boolean isMoreComing(long untilNanos) throws IOException {
    try {
      await(untilNanos);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
