package io.github.tcppool.internal.net;

import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** The writing half of a {@link TcpChannel}. For one thread at a time. */
final class Outbound {

  private final Gate gate;
  private Layer layer;
  private @Nullable ByteBuffer buffer;
  private long written;

  Outbound(Gate gate, Layer layer) {
    this.gate = gate;
    this.layer = layer;
  }

  void use(Layer other) {
    layer = other;
  }

  /** Bytes that the kernel has taken, ever; under TLS, those in records that it took whole. */
  long written() {
    return written;
  }

  void writeFrame(Framing framing, byte[] message, int offset, int length, long deadlineNanos)
      throws IOException {
    int overhead = framing.maxOverheadBytes();
    boolean large = (long) length + overhead > Buffers.SMALL_BYTES;
    ByteBuffer out = large ? Buffers.LARGE.take() : small();
    try {
      int from = offset;
      int left = length;
      framing.putHeader(message, offset, length, out.clear());
      while (true) {
        int part = Math.min(left, out.remaining());
        out.put(message, from, part);
        from += part;
        left -= part;
        // An empty buffer is all the room there is, whatever a framing says that it needs.
        boolean last = left == 0 && (out.remaining() >= overhead || out.position() == 0);
        if (last) {
          framing.putTrailer(message, offset, length, out);
        }
        drain(out.flip(), deadlineNanos);
        if (last) {
          return;
        }
        out.clear();
      }
    } finally {
      if (large) {
        Buffers.LARGE.give(out);
      }
    }
  }

  private ByteBuffer small() {
    ByteBuffer mine = buffer;
    if (mine == null) {
      mine = Buffers.SMALL.take();
      buffer = mine;
    }
    return mine;
  }

  /** Writes everything, waiting until the deadline. */
  void drain(ByteBuffer out, long deadlineNanos) throws IOException {
    while (!write(out)) {
      gate.await(SelectionKey.OP_WRITE, deadlineNanos, TcpChannel.WRITE_TIMEOUT);
    }
  }

  /** Writes what goes without waiting; true if nothing is left. */
  boolean write(ByteBuffer source) throws IOException {
    try {
      written += layer.write(source);
    } catch (IOException e) {
      written += layer.takenBeforeFailure(); // the peer has that, and may have understood it
      throw gate.known(e);
    }
    return !source.hasRemaining();
  }

  /** Whether the next message can begin where the last write ended. */
  boolean isWhole() {
    return layer.tornBytes() == 0;
  }

  /** Lets the next write begin behind all that was accepted; returns how much that is in all. */
  long keepAccepted() {
    layer.keepTorn();
    return written + layer.tornBytes();
  }

  /** Says that nothing follows; false if the kernel has not taken that yet. */
  boolean sayEnd() throws IOException {
    try {
      return layer.sayEnd();
    } catch (IOException e) {
      throw gate.known(e);
    }
  }

  void relax() {
    ByteBuffer mine = buffer;
    if (mine != null) {
      buffer = null;
      Buffers.SMALL.give(mine);
    }
    layer.relax();
  }
}
