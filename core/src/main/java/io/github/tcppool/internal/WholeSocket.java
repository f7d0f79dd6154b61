package io.github.tcppool.internal;

import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.None;
import io.github.tcppool.internal.net.SocketStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One socket over all connections of a pool: writes are sends, reads are receives. Addresses and
 * options in {@link PoolWideSettings}.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
final class WholeSocket extends PoolWideSettings
    implements SocketStreams.Source, SocketStreams.Sink {

  /** The pool's verbs as this socket needs them. */
  interface Verbs {
    void sendFrame(byte[] frame, int offset, int length, CallOptions call) throws IOException;

    byte[] receive(CallOptions call) throws IOException;
  }

  private final Verbs verbs;
  private final Framing framing;

  /** Those who write; closed when this socket is. */
  private final BlockedThreads blocked = new BlockedThreads();

  /** Those who read; closed when the input has ended, at the latest when this socket is closed. */
  private final BlockedThreads readers = new BlockedThreads();

  private final ReentrantLock reads = new ReentrantLock();
  private final ReentrantLock writes = new ReentrantLock();

  /** Guarded by {@code writes}. */
  private final MessageSplitter splitter;

  /** What was received and not yet read. Guarded by {@code reads}. */
  private ByteBuffer received = ByteBuffer.allocate(0);

  private volatile boolean inputShut;
  private volatile boolean outputShut;

  WholeSocket(TcpPool pool, Verbs verbs, SocketAddress remote, Framing framing)
      throws SocketException {
    super(pool, remote);
    this.verbs = verbs;
    this.framing = framing;
    splitter = new MessageSplitter(framing);
  }

  // ---- streams ----

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    reads.lock();
    try {
      ensureOpen();
      if (inputShut) {
        return -1;
      }
      if (!received.hasRemaining()) {
        byte[] frame = nextFrame();
        if (frame.length == 0) {
          return -1;
        }
        received = ByteBuffer.wrap(frame);
      }
      int count = Math.min(length, received.remaining());
      received.get(target, offset, count);
      return count;
    } finally {
      reads.unlock();
    }
  }

  /** The next frame that is not empty, or an empty one if the input was ended meanwhile. */
  private byte[] nextFrame() throws IOException {
    try {
      byte[] frame = new byte[0];
      while (frame.length == 0) {
        frame = readers.run(this::receive);
      }
      return frame;
    } catch (SocketException e) {
      if (inputShut && !isClosed()) {
        return new byte[0];
      }
      throw e;
    }
  }

  private byte[] receive() throws IOException {
    return verbs.receive(until(readDeadlineNanos(), "Read timed out"));
  }

  /** What is left until a moment, as the deadline of a call. */
  private static CallOptions until(long deadlineNanos, String late) throws CallTimeoutException {
    if (deadlineNanos == NO_DEADLINE) {
      return CallOptions.within(Duration.ofNanos(Long.MAX_VALUE / 4));
    }
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      throw new CallTimeoutException(late, io.github.tcppool.FailureDetails.NOTHING_SENT, null);
    }
    return CallOptions.within(Duration.ofNanos(left));
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    writes.lock();
    try {
      ensureWritable();
      if (framing instanceof None) {
        send(source, offset, length);
        return;
      }
      sendWhole(source, offset, length);
    } finally {
      writes.unlock();
    }
  }

  /**
   * Sends the messages that these bytes complete. A failure forgets what is left of them, as its
   * caller will write it again: it must neither go out twice nor pile up.
   */
  private void sendWhole(byte[] source, int offset, int length) throws IOException {
    boolean sent = false;
    try {
      splitter.add(source, offset, length);
      for (byte[] frame = splitter.next(); frame.length > 0; frame = splitter.next()) {
        send(frame, 0, frame.length);
      }
      sent = true;
    } finally {
      if (!sent) {
        splitter.clear();
      }
    }
  }

  private void send(byte[] frame, int offset, int length) throws IOException {
    long deadline = writeDeadlineNanos();
    blocked.run(
        () -> {
          CallOptions call =
              deadline == NO_DEADLINE ? CallOptions.defaults() : until(deadline, "Write timed out");
          verbs.sendFrame(frame, offset, length, call);
          return true;
        });
  }

  private void ensureWritable() throws SocketException {
    ensureOpen();
    if (outputShut) {
      throw new SocketException("Socket output is shutdown");
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    ensureOpen();
    if (inputShut) {
      throw new SocketException("Socket input is shutdown");
    }
    return SocketStreams.input(this);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    ensureWritable();
    return SocketStreams.output(this);
  }

  // ---- ending ----

  @Override
  public void shutdownInput() throws IOException {
    ensureOpen();
    if (inputShut) {
      throw new SocketException("Socket input is already shutdown");
    }
    inputShut = true;
    boolean unused = readers.close();
  }

  @Override
  public void shutdownOutput() throws IOException {
    ensureWritable();
    outputShut = true;
    refuseRest();
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
    return blocked.isClosed();
  }

  @Override
  public void close() throws IOException {
    boolean unused = readers.close();
    if (blocked.close() && !outputShut) {
      refuseRest();
    }
  }

  private void refuseRest() throws IOException {
    writes.lock();
    try {
      if (splitter.pending() > 0) {
        throw new IOException(
            "the last message is not complete: " + splitter.pending() + " bytes were not sent");
      }
    } finally {
      writes.unlock();
    }
  }

  @Override
  public int available() throws IOException {
    ensureOpen();
    if (!reads.tryLock()) {
      return 0;
    }
    try {
      return received.remaining();
    } finally {
      reads.unlock();
    }
  }
}
