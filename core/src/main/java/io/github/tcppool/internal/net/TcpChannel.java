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
  private final Intake intake;
  private final Outbound outbound;
  private final ChannelTls tls;
  private volatile boolean closed;

  private TcpChannel(SocketChannel channel) {
    this.channel = channel;
    reading = new Gate(channel);
    writing = new Gate(channel);
    Layer plain = new PlainLayer(channel);
    intake = new Intake(reading, plain);
    outbound = new Outbound(writing, plain);
    tls = new ChannelTls(channel, reading, writing, intake, outbound);
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

  /** TLS on this channel, begun or not. */
  public ChannelTls tls() {
    return tls;
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
    intake.inbound().expectFrames(mostBytes);
  }

  /** The bytes read and not asked for yet. For the reader. */
  public ByteBuffer inbound() {
    return intake.inbound().unread();
  }

  /** Reads at least one byte, waiting until the deadline; -1 at the end of the stream. */
  public int read(byte[] target, int offset, int length, long deadlineNanos) throws IOException {
    reading.refuseLate(READ_TIMEOUT);
    return intake.read(target, offset, length, deadlineNanos);
  }

  /** Reads more into {@link #inbound}, waiting until the deadline. False at the end. */
  public boolean fill(long deadlineNanos) throws IOException {
    return intake.fill(deadlineNanos);
  }

  /**
   * Waits until there is something to read, or returns early; at once if TLS holds what no selector
   * would tell of. For the reader.
   */
  public void awaitInput(long deadlineNanos) throws IOException {
    intake.awaitInput(deadlineNanos);
  }

  /** Looks what there is to read, without waiting; what is there is kept. For the reader. */
  public Probe probe() {
    return intake.inbound().hasUnread() ? Probe.DATA : intake.readMore();
  }

  /** Takes what has arrived into {@link #inbound}, without waiting. For the reader. */
  public Probe readMore() {
    return intake.readMore();
  }

  /**
   * Whether bytes were read that nobody asked for yet, those under way through TLS included. For
   * the reader.
   */
  public boolean hasUnread() {
    return intake.hasUnread();
  }

  /**
   * Whether more can be had without anything arriving: a selector would not tell. For the reader.
   */
  public boolean hasBuffered() {
    return intake.hasBuffered();
  }

  /** Whether the end of the stream was read. */
  public boolean isEnded() {
    return intake.isEnded();
  }

  /** Whether the stream ended in a way that may have cut it short. For the reader. */
  public boolean isCutShort() {
    return intake.isCutShort();
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
    outbound.writeFrame(framing, message, offset, length, deadlineNanos);
  }

  /**
   * Writes what the kernel takes without waiting, or, where {@code mayWait}, everything by the
   * deadline. True if nothing is left. The caller goes on with the bytes that are left, or ends the
   * connection.
   */
  public boolean write(ByteBuffer source, boolean mayWait, long deadlineNanos) throws IOException {
    if (mayWait) {
      outbound.drain(source, deadlineNanos);
      return true;
    }
    return outbound.write(source);
  }

  /** Whether the next message can begin where the last write ended. For the writer. */
  public boolean isIntact() {
    return !closed && outbound.isWhole();
  }

  /**
   * Lets the next write begin behind all that was accepted, whether the kernel has it or not;
   * returns how much that is in all. For a writer who is told how far it got.
   */
  long keepAccepted() {
    return outbound.keepAccepted();
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

  /**
   * Lets who waits here look at the clock if its deadline is near. Whoever calls this goes on doing
   * so once a second while the channel is in use, from one thread at a time: virtual threads then
   * set no alarm for deadlines that are far away, which costs them more than all the rest of a
   * wait.
   */
  public void remind(long now) {
    reading.remind(now);
    writing.remind(now);
  }

  // ---- figures ----

  /**
   * Bytes that the kernel has taken, ever; under TLS, those in records that it took whole, as no
   * other can be opened by the peer. Exact for the writer.
   */
  public long written() {
    return outbound.written();
  }

  /** Bytes read, ever. Exact for the reader. */
  public long bytesRead() {
    return intake.bytesRead();
  }

  // ---- end ----

  /** Lets go of buffers and selectors. Only while nobody reads or writes. */
  public void relax() {
    reading.relax();
    writing.relax();
    intake.inbound().relax();
    outbound.relax();
  }

  /**
   * Says to the peer, through TLS, that nothing more follows; without waiting. False if the kernel
   * has not taken that yet: then once more, when it takes more. For the writer.
   */
  public boolean sayEnd() throws IOException {
    return outbound.sayEnd();
  }

  /** Says the end and ends the stream, waiting for the kernel. For the writer. */
  void endOutput(long deadlineNanos) throws IOException {
    while (!sayEnd()) {
      writing.await(SelectionKey.OP_WRITE, deadlineNanos, WRITE_TIMEOUT);
    }
    shutdownOutput();
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
      intake.end();
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
}
