package io.github.tcppool.examples;

import io.github.tcppool.framing.Delimiter;
import io.github.tcppool.framing.FrameDecoder;
import io.github.tcppool.framing.FrameException;
import io.github.tcppool.framing.Framing;
import java.nio.ByteBuffer;

/** HL7's MLLP: a vertical tab, the message, a file separator and a carriage return. */
public final class Mllp implements Framing {
  private static final byte START = 0x0B;

  private final Delimiter sent;
  private final Delimiter read;

  /** A message may have so many bytes, without those around it. */
  public Mllp(int maxMessageBytes) {
    sent = Framing.delimiter((byte) 0x1C, (byte) 0x0D).withMaxMessageBytes(maxMessageBytes);
    read = sent.withMaxMessageBytes(maxMessageBytes + 1); // START counts for the delimiter
  }

  @Override
  public int maxMessageBytes() {
    return sent.maxMessageBytes();
  }

  @Override
  public int maxOverheadBytes() {
    return 1 + sent.maxOverheadBytes();
  }

  @Override
  public boolean revealsTruncation() {
    return false;
  }

  @Override
  public void check(byte[] message, int offset, int length) {
    sent.check(message, offset, length);
  }

  @Override
  public void putHeader(byte[] message, int offset, int length, ByteBuffer out) {
    out.put(START);
  }

  @Override
  public void putTrailer(byte[] message, int offset, int length, ByteBuffer out) {
    sent.putTrailer(message, offset, length, out);
  }

  @Override
  public FrameDecoder newDecoder() {
    return new Decoder(read.newDecoder());
  }

  private record Decoder(FrameDecoder end) implements FrameDecoder {
    @Override
    public int scan(ByteBuffer in) throws FrameException {
      if (in.hasRemaining() && in.get(in.position()) != START) {
        throw new FrameException("message must begin with 0x0B");
      }
      int length = end.scan(in);
      if (length > 0 && payloadLength() == 0) {
        throw new FrameException("message must not be empty");
      }
      return length;
    }

    @Override
    public int payloadOffset() {
      return 1;
    }

    @Override
    public int payloadLength() {
      return end.payloadLength() - 1;
    }
  }
}
