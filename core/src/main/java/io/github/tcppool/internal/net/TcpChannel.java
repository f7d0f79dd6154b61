package io.github.tcppool.internal.net;

import io.github.tcppool.framing.Framing;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that never blocks in the kernel: every operation tries, and waits in a {@link
 * Gate} where the kernel would make it wait. So every operation has a deadline, and an interrupt
 * leaves the connection open.
 *
 * <p>One thread at a time may read and one may write, which the caller sees to; any thread may
 * close. Bytes that were read and not yet asked for stay in {@link #inbound}, so nothing read is
 * ever lost.
 */
public final class TcpChannel {

  static final String READ_TIMEOUT = "Read timed out";
  static final String WRITE_TIMEOUT = "Write timed out";

  private final SocketChannel channel;
  private final Gate reading;
  private final Gate writing;
  private final Inbound inbound = new Inbound();
  private volatile boolean closed;

  /** Whether the end of the stream was read. Set by the reader, never taken back. */
  private volatile boolean ended;

  private @Nullable ByteBuffer outbound;

  /** What broke the last {@link #readMore}. For the reader. */
  private @Nullable IOException failure;

  private long written;
  private long read;

  private TcpChannel(SocketChannel channel) {
    this.channel = channel;
    reading = new Gate(channel);
    writing = new Gate(channel);
  }

  /** An unconnected channel. */
  public static TcpChannel open() throws IOException {
    SocketChannel opened = openRaw();
    try {
      opened.configureBlocking(false);
      return new TcpChannel(opened);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static SocketChannel openRaw() throws NoDescriptorException {
    try {
      return SocketChannel.open();
    } catch (IOException e) {
      throw new NoDescriptorException(e);
    }
  }

  /** The channel itself, for options and addresses. */
  public SocketChannel raw() {
    return channel;
  }

  /** Connects, waiting until the deadline. A channel whose connect failed is closed. */
  public void connect(SocketAddress address, long deadlineNanos) throws IOException {
    try {
      boolean done = channel.connect(address);
      while (!done) {
        writing.await(SelectionKey.OP_CONNECT, deadlineNanos, "Connect timed out");
        done = channel.finishConnect();
      }
    } catch (ClosedChannelException e) {
      throw socketClosed();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Begins to connect; true if that is done at once. The caller closes a channel that fails. */
  boolean beginConnect(SocketAddress address) throws IOException {
    try {
      return channel.connect(address);
    } catch (ClosedChannelException e) {
      throw socketClosed();
    }
  }

  /** Whether a connect that was begun is done. The caller closes a channel that fails. */
  boolean finishConnect() throws IOException {
    try {
      return channel.finishConnect();
    } catch (ClosedChannelException e) {
      throw socketClosed();
    }
  }

  /**
   * Makes sure that the reader can wait for the peer; false if no descriptor is left for that. For
   * the reader.
   */
  public boolean canWaitForPeer() {
    return reading.prepare();
  }

  // ---- reading ----

  /** Says how long a frame can be, so that no more room is made for one. Before the first read. */
  public void expectFrames(int mostBytes) {
    inbound.expectFrames(mostBytes);
  }

  /** The bytes read and not asked for yet. For the reader. */
  public ByteBuffer inbound() {
    return inbound.unread();
  }

  /** Reads at least one byte, waiting until the deadline; -1 at the end of the stream. */
  public int read(byte[] target, int offset, int length, long deadlineNanos) throws IOException {
    reading.refuseLate(READ_TIMEOUT);
    if (inbound.hasUnread()) {
      return inbound.get(target, offset, length);
    }
    if (length <= Buffers.SMALL_BYTES) {
      return fill(deadlineNanos) ? inbound.get(target, offset, length) : -1;
    }
    ByteBuffer large = Buffers.LARGE.take();
    try {
      large.limit(Math.min(length, large.capacity()));
      if (!receive(large, deadlineNanos)) {
        return -1;
      }
      int count = large.flip().remaining();
      large.get(target, offset, count);
      return count;
    } finally {
      Buffers.LARGE.give(large);
    }
  }

  /**
   * Reads more into {@link #inbound}, waiting until the deadline. False at the end of the stream.
   */
  public boolean fill(long deadlineNanos) throws IOException {
    while (true) {
      switch (readMore()) {
        case DATA -> {
          return true;
        }
        case END -> {
          return false;
        }
        case BROKEN -> throw broken();
        case QUIET -> awaitInput(deadlineNanos);
      }
    }
  }

  /** Waits until there is something to read, or returns early. For the reader. */
  public void awaitInput(long deadlineNanos) throws IOException {
    reading.await(SelectionKey.OP_READ, deadlineNanos, READ_TIMEOUT);
  }

  private boolean receive(ByteBuffer target, long deadlineNanos) throws IOException {
    try {
      while (true) {
        int count = ended ? -1 : channel.read(target);
        if (count > 0) {
          read += count;
          return true;
        }
        if (count < 0) {
          ended = true;
          return false;
        }
        awaitInput(deadlineNanos);
      }
    } catch (IOException e) {
      throw translate(e);
    }
  }

  /** Looks what there is to read, without waiting; what is there is kept. For the reader. */
  public Probe probe() {
    return inbound.hasUnread() ? Probe.DATA : readMore();
  }

  /** Takes what has arrived into {@link #inbound}, without waiting. For the reader. */
  public Probe readMore() {
    try {
      int count = ended ? -1 : inbound.readFrom(channel);
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
      failure = e;
      return Probe.BROKEN;
    }
  }

  /** Why the last read found the connection broken. For the reader. */
  public IOException broken() {
    IOException known = failure;
    return known == null ? new SocketException("Connection broken") : translate(known);
  }

  /** Whether the end of the stream was read. */
  public boolean isEnded() {
    return ended;
  }

  // ---- writing ----

  /** Writes all bytes, waiting until the deadline; how far it got is in {@link #written}. */
  public void write(byte[] source, int offset, int length, long deadlineNanos) throws IOException {
    writing.refuseLate(WRITE_TIMEOUT);
    writeFrame(Framing.none(), source, offset, length, deadlineNanos);
  }

  /** Writes a message and what the framing puts around it, waiting until the deadline. */
  public void writeFrame(
      Framing framing, byte[] message, int offset, int length, long deadlineNanos)
      throws IOException {
    int overhead = framing.maxOverheadBytes();
    boolean large = (long) length + overhead > Buffers.SMALL_BYTES;
    ByteBuffer out = large ? Buffers.LARGE.take() : outbound();
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

  /**
   * Writes what the kernel takes without waiting, or, where {@code mayWait}, everything by the
   * deadline. True if nothing is left.
   */
  public boolean write(ByteBuffer source, boolean mayWait, long deadlineNanos) throws IOException {
    if (mayWait) {
      drain(source, deadlineNanos);
      return true;
    }
    try {
      written += channel.write(source);
      return !source.hasRemaining();
    } catch (IOException e) {
      throw translate(e);
    }
  }

  private ByteBuffer outbound() {
    ByteBuffer mine = outbound;
    if (mine == null) {
      mine = Buffers.SMALL.take();
      outbound = mine;
    }
    return mine;
  }

  private void drain(ByteBuffer out, long deadlineNanos) throws IOException {
    try {
      while (true) {
        written += channel.write(out);
        if (!out.hasRemaining()) {
          return;
        }
        writing.await(SelectionKey.OP_WRITE, deadlineNanos, WRITE_TIMEOUT);
      }
    } catch (IOException e) {
      throw translate(e);
    }
  }

  // ---- time ----

  /**
   * Bounds reads by a moment, besides the deadline of each: those that come, and the one under way.
   * {@code Long.MAX_VALUE} takes it away. From any thread.
   */
  public void limitReads(long nanos) {
    reading.limit(nanos);
  }

  /** As {@link #limitReads}, for writes. */
  public void limitWrites(long nanos) {
    writing.limit(nanos);
  }

  // ---- figures ----

  /** Bytes that the kernel has taken, ever. Exact for the writer. */
  public long written() {
    return written;
  }

  /** Bytes read, ever. Exact for the reader. */
  public long bytesRead() {
    return read;
  }

  // ---- end ----

  /** Lets go of buffers and selectors. Only while nobody reads or writes. */
  public void relax() {
    reading.relax();
    writing.relax();
    inbound.relax();
    ByteBuffer mine = outbound;
    if (mine != null) {
      outbound = null;
      Buffers.SMALL.give(mine);
    }
  }

  /** Ends the stream to the peer; what was written before still arrives. */
  public void shutdownOutput() throws IOException {
    try {
      channel.shutdownOutput();
    } catch (ClosedChannelException e) {
      throw socketClosed();
    }
  }

  /** Reads end from now on, and what comes is thrown away. Wakes a blocked reader. */
  public void shutdownInput() throws IOException {
    try {
      channel.shutdownInput();
      ended = true;
    } catch (ClosedChannelException e) {
      throw socketClosed();
    }
  }

  /** Whether it was closed here. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Closes; a thread that reads or writes gets a {@code SocketException}. Any thread, any number of
   * times.
   */
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // the descriptor is gone whatever the kernel says
    }
    reading.close();
    writing.close();
  }

  /** Closes with a reset, so that the peer sees an error instead of an orderly end. */
  public void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // already closed, or broken: close is all that is left
    }
    close();
  }

  static SocketException socketClosed() {
    return new SocketException("Socket closed");
  }

  /** The exception that users of {@code java.net.Socket} know. */
  private IOException translate(IOException e) {
    if (e instanceof ClosedChannelException || closed) {
      return e instanceof SocketException ? e : socketClosed();
    }
    if (e.getClass() == IOException.class) {
      SocketException known = new SocketException(e.getMessage());
      known.initCause(e);
      return known;
    }
    return e;
  }
}
