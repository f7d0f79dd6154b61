package io.github.tcppool.framing;

/** Keeps where the payload of the frame found last is; formats add how a frame is found. */
abstract class BaseDecoder implements FrameDecoder {
  private int payloadOffset;
  private int payloadLength;

  /** Notes a whole frame and returns its length. */
  final int found(int headerBytes, int payloadBytes, int trailerBytes) {
    payloadOffset = headerBytes;
    payloadLength = payloadBytes;
    return Math.addExact(Math.addExact(headerBytes, payloadBytes), trailerBytes);
  }

  /** Notes the frame if that many bytes are there, and returns its length; otherwise returns 0. */
  final int foundIfWhole(int headerBytes, int payloadBytes, int trailerBytes, int available) {
    int frame = Math.addExact(Math.addExact(headerBytes, payloadBytes), trailerBytes);
    return frame <= available ? found(headerBytes, payloadBytes, trailerBytes) : 0;
  }

  @Override
  public final int payloadOffset() {
    return payloadOffset;
  }

  @Override
  public final int payloadLength() {
    return payloadLength;
  }
}
