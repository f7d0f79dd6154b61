package io.github.tcppool.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSession;
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

  private final TcpChannel channel;
  private final Turn reads = new Turn();
  private final Turn writes = new Turn();
  private final InputStream in =
      SocketStreams.input(
          new SocketStreams.Source() {
            @Override
            public int read() throws IOException {
              return ChannelSocket.this.read(readTimeoutNanos());
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              return ChannelSocket.this.read(target, offset, length, readTimeoutNanos());
            }

            @Override
            public int available() throws IOException {
              return ChannelSocket.this.available();
            }

            @Override
            public void close() {
              ChannelSocket.this.close();
            }
          });
  private final OutputStream out =
      SocketStreams.output(
          new SocketStreams.Sink() {
            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
              ChannelSocket.this.write(source, offset, length);
            }

            @Override
            public void close() {
              ChannelSocket.this.close();
            }
          });

  /** For reads of one byte. Guarded by {@code reads}. */
  private final byte[] one = new byte[1];

  private final AtomicBoolean connecting = new AtomicBoolean();
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
    InetSocketAddress unused = requireConnectable(address, timeoutMillis);
    connect(
        address,
        timeoutMillis == 0
            ? NO_DEADLINE
            : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
  }

  /** Connects until a deadline in {@code System.nanoTime()}. */
  public void connect(SocketAddress address, long deadlineNanos) throws IOException {
    InetSocketAddress inet = requireConnectable(address, 0);
    ensureOpen();
    if (!connecting.compareAndSet(false, true)) {
      throw new SocketException(isConnected() ? "already connected" : "Connection in progress");
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

  /** Begins to connect and does not wait. True if it is connected already. */
  boolean beginConnect(InetSocketAddress address) throws IOException {
    ensureOpen();
    connecting.set(true);
    return tell(channel.beginConnect(address));
  }

  /** True if the connect that was begun is done; false if not yet. */
  boolean finishConnect() throws IOException {
    return tell(channel.finishConnect());
  }

  private boolean tell(boolean done) throws IOException {
    if (done) {
      connected();
    }
    return done;
  }

  /** Refuses the arguments that no socket can connect with, whatever its state. */
  public static InetSocketAddress requireConnectable(
      @Nullable SocketAddress address, int timeoutMillis) {
    if (timeoutMillis < 0) {
      throw new IllegalArgumentException(
          "connect timeout must not be negative, but was " + timeoutMillis);
    }
    if (address instanceof InetSocketAddress inet) {
      return inet;
    }
    throw new IllegalArgumentException("address must be an InetSocketAddress, but was " + address);
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

  /** Reads one byte, as {@link #read(byte[], int, int, long)} reads some. */
  public int read(long timeoutNanos) throws IOException {
    reads.take(timeoutNanos, TcpChannel.READ_TIMEOUT);
    try {
      return readInTurn(one, 0, 1, timeoutNanos) < 0 ? -1 : one[0] & 0xff;
    } finally {
      reads.giveUp();
    }
  }

  /**
   * Reads at least one byte, by {@code timeoutNanos} and by the deadline for reads; -1 at the end
   * of the stream or after {@code shutdownInput}.
   */
  public int read(byte[] target, int offset, int length, long timeoutNanos) throws IOException {
    reads.take(timeoutNanos, TcpChannel.READ_TIMEOUT);
    try {
      return readInTurn(target, offset, length, timeoutNanos);
    } finally {
      reads.giveUp();
    }
  }

  private int readInTurn(byte[] target, int offset, int length, long timeoutNanos)
      throws IOException {
    ensureConnected();
    return inputShut ? -1 : channel.read(target, offset, length, timeoutNanos);
  }

  /**
   * Writes all by the deadline for writes; a timeout or interrupt tells how many bytes the kernel
   * took.
   */
  public void write(byte[] source, int offset, int length) throws IOException {
    writes.take(NO_DEADLINE, TcpChannel.WRITE_TIMEOUT);
    try {
      ensureWritable();
      long before = channel.keepAccepted();
      try {
        channel.write(source, offset, length, NO_DEADLINE);
      } catch (InterruptedIOException e) { // a SocketTimeoutException is one too
        e.bytesTransferred = (int) (channel.keepAccepted() - before);
        throw e;
      }
    } finally {
      writes.giveUp();
    }
  }

  /** How many bytes can be read without waiting. */
  public int available() throws IOException {
    ensureConnected();
    if (inputShut) {
      return 0;
    }
    if (!reads.takeIfFree()) {
      return 0; // another thread is waiting in a read, so there is nothing
    }
    try {
      if (!channel.hasUnread()) {
        Probe unused = channel.readMore();
      }
      return channel.inbound().remaining();
    } finally {
      reads.giveUp();
    }
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    writes.take(NO_DEADLINE, TcpChannel.WRITE_TIMEOUT);
    try {
      ensureWritable();
      if (channel.tls().isOn()) {
        throw new SocketException("urgent data cannot be sent through TLS");
      }
      raw().socket().sendUrgentData(data);
    } catch (ClosedChannelException e) {
      throw new SocketException("Socket closed");
    } finally {
      writes.giveUp();
    }
  }

  // ---- time ----

  @Override
  protected void readDeadlineAt(long nanos) throws SocketException {
    super.readDeadlineAt(nanos);
    channel.limitReads(nanos);
  }

  @Override
  protected void writeDeadlineAt(long nanos) throws SocketException {
    super.writeDeadlineAt(nanos);
    channel.limitWrites(nanos);
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
    if (!writes.takeIfFree()) {
      channel.shutdownOutput(); // another thread is in the middle of a write, which fails now
      return;
    }
    try {
      channel.endOutput(NO_DEADLINE);
    } finally {
      writes.giveUp();
    }
  }

  @Override
  public Optional<SSLSession> tlsSession() {
    return Optional.ofNullable(channel.tls().session());
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
}
