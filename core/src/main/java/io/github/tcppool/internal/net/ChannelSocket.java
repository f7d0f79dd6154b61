package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link java.net.Socket} over a {@link TcpChannel}: what the JDK's own does, and besides writes
 * with deadlines, and interrupts that leave the connection open.
 *
 * <p>Reads take turns among each other, and so do writes; a read and a write do not wait for each
 * other. {@code close} waits for neither and wakes both. Options and addresses are in {@link
 * SocketSettings}.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
public final class ChannelSocket extends SocketSettings {

  private static final long NONE = Long.MAX_VALUE;

  private final TcpChannel channel;
  private final ReentrantLock reads = new ReentrantLock();
  private final ReentrantLock writes = new ReentrantLock();
  private final InputStream in = new In();
  private final OutputStream out = new Out();

  private volatile int soTimeoutMillis;
  private volatile long readDeadlineNanos = NONE;
  private volatile long writeDeadlineNanos = NONE;
  private volatile boolean inputShut;
  private volatile boolean outputShut;

  /** An unconnected socket. */
  public ChannelSocket() throws IOException {
    this(TcpChannel.open());
  }

  private ChannelSocket(TcpChannel channel) throws SocketException {
    this.channel = channel;
  }

  /** The channel below. */
  public TcpChannel channel() {
    return channel;
  }

  @Override
  SocketChannel raw() {
    return channel.raw();
  }

  // ---- connecting ----

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    if (timeoutMillis < 0) {
      throw new IllegalArgumentException(
          "connect timeout must not be negative, but was " + timeoutMillis);
    }
    connect(
        address, timeoutMillis == 0 ? NONE : after(TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
  }

  /** Connects until a deadline in {@code System.nanoTime()}. */
  public void connect(SocketAddress address, long deadlineNanos) throws IOException {
    if (!(address instanceof InetSocketAddress inet)) {
      throw new IllegalArgumentException(
          "address must be an InetSocketAddress, but was " + address);
    }
    ensureOpen();
    if (isConnected()) {
      throw new SocketException("already connected");
    }
    if (inet.isUnresolved()) {
      close();
      throw new UnknownHostException(inet.getHostName());
    }
    try {
      channel.connect(address, deadlineNanos);
    } catch (UnresolvedAddressException e) {
      throw new UnknownHostException(inet.getHostName());
    }
    connected();
  }

  // ---- streams ----

  @Override
  public InputStream getInputStream() throws IOException {
    ensureReadable();
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    ensureWritable();
    return out;
  }

  private void ensureReadable() throws SocketException {
    ensureConnected();
    if (inputShut) {
      throw new SocketException("Socket input is shutdown");
    }
  }

  private void ensureWritable() throws SocketException {
    ensureConnected();
    if (outputShut) {
      throw new SocketException("Socket output is shutdown");
    }
  }

  private void ensureConnected() throws SocketException {
    ensureOpen();
    if (!isConnected()) {
      throw new SocketException("Socket is not connected");
    }
  }

  /**
   * Reads at least one byte by a deadline; -1 at the end of the stream or after {@code
   * shutdownInput}.
   */
  public int read(byte[] target, int offset, int length, long deadlineNanos) throws IOException {
    if (length == 0) {
      return 0;
    }
    reads.lock();
    try {
      ensureConnected();
      return inputShut ? -1 : channel.read(target, offset, length, deadlineNanos);
    } finally {
      reads.unlock();
    }
  }

  /** Writes all by a deadline; a timeout or interrupt tells how many bytes the kernel took. */
  public void write(byte[] source, int offset, int length, long deadlineNanos) throws IOException {
    writes.lock();
    try {
      ensureWritable();
      long before = channel.written();
      try {
        channel.write(source, offset, length, deadlineNanos);
      } catch (InterruptedIOException e) { // a SocketTimeoutException is one too
        e.bytesTransferred = (int) (channel.written() - before);
        throw e;
      }
    } finally {
      writes.unlock();
    }
  }

  /** How many bytes can be read without waiting. */
  public int available() throws IOException {
    ensureConnected();
    if (inputShut) {
      return 0;
    }
    if (!reads.tryLock()) {
      return 0; // another thread is waiting in a read, so there is nothing
    }
    try {
      if (!channel.inbound().hasRemaining()) {
        Probe unused = channel.readMore();
      }
      return channel.inbound().remaining();
    } finally {
      reads.unlock();
    }
  }

  // ---- time ----

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    ensureOpen();
    if (millis < 0) {
      throw new IllegalArgumentException("timeout must not be negative, but was " + millis);
    }
    soTimeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() throws SocketException {
    ensureOpen();
    return soTimeoutMillis;
  }

  @Override
  public void setReadDeadline(@Nullable Duration fromNow) throws SocketException {
    ensureOpen();
    readDeadlineNanos = deadline(fromNow);
  }

  @Override
  public void setWriteDeadline(@Nullable Duration fromNow) throws SocketException {
    ensureOpen();
    writeDeadlineNanos = deadline(fromNow);
  }

  /** When reads begin to fail, in {@code System.nanoTime()}, or {@code Long.MAX_VALUE}. */
  public long readDeadlineNanos() {
    return readDeadlineNanos;
  }

  /** When writes begin to fail, in {@code System.nanoTime()}, or {@code Long.MAX_VALUE}. */
  public long writeDeadlineNanos() {
    return writeDeadlineNanos;
  }

  private long readDeadline() {
    return earlier(readDeadlineNanos, soTimeoutMillis);
  }

  /** The deadline of one read that begins now. */
  public static long earlier(long deadlineNanos, int timeoutMillis) {
    if (timeoutMillis == 0) {
      return deadlineNanos;
    }
    long timeout = after(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
    return deadlineNanos == NONE || timeout - deadlineNanos < 0 ? timeout : deadlineNanos;
  }

  /** A deadline in {@code System.nanoTime()}, {@code Long.MAX_VALUE} for none. */
  public static long deadline(@Nullable Duration fromNow) {
    if (fromNow == null) {
      return NONE;
    }
    if (fromNow.isNegative()) {
      throw new IllegalArgumentException("deadline must not be negative, but was " + fromNow);
    }
    return fromNow.toSeconds() > TimeUnit.DAYS.toSeconds(36_500) ? NONE : after(fromNow.toNanos());
  }

  private static long after(long nanos) {
    return System.nanoTime() + nanos;
  }

  // ---- ending ----

  @Override
  public void shutdownInput() throws IOException {
    ensureReadableOrShut(inputShut);
    inputShut = true;
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    ensureReadableOrShut(outputShut);
    outputShut = true;
    channel.shutdownOutput();
  }

  private void ensureReadableOrShut(boolean shut) throws SocketException {
    ensureConnected();
    if (shut) {
      throw new SocketException("Socket is already shutdown");
    }
  }

  @Override
  public boolean isInputShutdown() {
    return inputShut;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShut;
  }

  @Override
  public boolean isClosed() {
    return channel.isClosed();
  }

  @Override
  public void close() {
    channel.close();
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      return ChannelSocket.this.read(target, offset, length, readDeadline());
    }

    @Override
    public int available() throws IOException {
      return ChannelSocket.this.available();
    }

    @Override
    public void close() {
      ChannelSocket.this.close();
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      ChannelSocket.this.write(source, offset, length, writeDeadlineNanos);
    }

    @Override
    public void close() {
      ChannelSocket.this.close();
    }
  }
}
