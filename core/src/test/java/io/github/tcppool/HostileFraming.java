package io.github.tcppool;

import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.Lines;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lines, as long as no message begins with {@code bad}: then something happens at the place where
 * that was wished.
 */
final class HostileFraming implements Framing {

  /** Where. */
  enum Place {
    CHECK,
    HEADER,
    TRAILER,
    SCAN,
    PAYLOAD
  }

  private final Lines lines = Framing.lines();
  private final Place place;
  private final Runnable mischief;
  final AtomicInteger happened = new AtomicInteger();

  /** What it says that header and trailer need; more than is allowed, if a test wishes so. */
  volatile int overhead = Framing.lines().maxOverheadBytes();

  HostileFraming(Place place, Runnable mischief) {
    this.place = place;
    this.mischief = mischief;
  }

  private void at(Place here, boolean bad) {
    if (here == place && bad) {
      happened.incrementAndGet();
      mischief.run();
    }
  }

  private static boolean isBad(byte[] message, int offset, int length) {
    return length >= 3 && message[offset] == 'b' && message[offset + 1] == 'a';
  }

  private static boolean isBad(ByteBuffer in) {
    return in.remaining() >= 3 && in.get(in.position()) == 'b' && in.get(in.position() + 1) == 'a';
  }

  @Override
  public int maxMessageBytes() {
    return lines.maxMessageBytes();
  }

  @Override
  public int maxOverheadBytes() {
    return overhead;
  }

  @Override
  public boolean revealsTruncation() {
    return lines.revealsTruncation();
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    at(Place.CHECK, isBad(message, offset, length));
    lines.check(message, offset, length);
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {
    at(Place.HEADER, isBad(message, offset, length));
    lines.putHeader(message, offset, length, out);
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    at(Place.TRAILER, isBad(message, offset, length));
    lines.putTrailer(message, offset, length, out);
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder(lines.newDecoder());
  }

  private final class Decoder implements FrameDecoder {
    private final FrameDecoder behind;
    private boolean bad;

    Decoder(FrameDecoder behind) {
      this.behind = behind;
    }

    @Override
    public int scan(ByteBuffer in) throws FrameException {
      bad = isBad(in);
      at(Place.SCAN, bad);
      return behind.scan(in);
    }

    @Override
    public int payloadOffset() {
      return behind.payloadOffset();
    }

    @Override
    public int payloadLength() {
      at(Place.PAYLOAD, bad);
      return behind.payloadLength();
    }
  }
}
