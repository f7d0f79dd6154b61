package io.github.tcppool.internal.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS on one channel: how it begins, and what came of it. It is begun before the channel is shared,
 * by whoever connects it.
 */
public final class ChannelTls {

  private final SocketChannel channel;
  private final Gate reading;
  private final Gate writing;
  private final Intake intake;
  private final Outbound outbound;

  /** What the channel goes through; null as long as it is in clear. */
  private @Nullable TlsLayer layer;

  /** Bytes that were read in clear. */
  private long readBefore;

  ChannelTls(SocketChannel channel, Gate reading, Gate writing, Intake intake, Outbound outbound) {
    this.channel = channel;
    this.reading = reading;
    this.writing = writing;
    this.intake = intake;
    this.outbound = outbound;
  }

  /**
   * Lets everything from now on go through TLS, and waits until the deadline for its handshake. A
   * channel whose handshake failed is of no use any more.
   *
   * @param wholeStreams whether an end of the stream that may have cut it short is an error
   * @throws SSLException when the two do not agree
   */
  public void start(SSLEngine engine, boolean wholeStreams, long deadlineNanos) throws IOException {
    if (intake.hasUnread()) {
      throw new SSLException(
          "peer sent "
              + intake.inbound().unread().remaining()
              + " bytes in clear before TLS: refused");
    }
    try {
      TlsLayer made = TlsHandshake.perform(channel, engine, reading, writing, deadlineNanos);
      readBefore = intake.bytesRead();
      outbound.use(made);
      intake.use(made, wholeStreams);
      layer = made;
    } catch (IOException e) {
      throw reading.known(e);
    }
  }

  /**
   * Waits until the peer has said anything since the handshake, or until the moment. What it said
   * to us stays in {@link TcpChannel#inbound}.
   *
   * @throws IOException if the peer has ended the connection
   */
  public void awaitPeer(long untilNanos) throws IOException {
    TlsLayer made = layer;
    if (made != null) {
      intake.awaitPeerAfterTls(made, untilNanos);
    }
  }

  /** Whether it was begun. */
  public boolean isOn() {
    return layer != null;
  }

  /** The session, or null in clear. */
  public @Nullable SSLSession session() {
    TlsLayer made = layer;
    return made == null ? null : made.engine().getSession();
  }

  /**
   * What the peer, or we, did not like about the other's TLS before anything was read through it;
   * null if nothing.
   */
  public @Nullable SSLException refusal() {
    return intake.bytesRead() == readBefore ? intake.tlsFailure() : null;
  }
}
