package io.github.tcppool.internal;

import io.github.tcppool.CallFailure;
import io.github.tcppool.CallOptions;
import io.github.tcppool.CallTimeoutException;
import io.github.tcppool.FailureDetails;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.framing.None;
import io.github.tcppool.internal.net.SocketStreams;
import io.github.tcppool.internal.net.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;

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

  private static final String READ_TIMEOUT = "Read timed out";
  private static final String WRITE_TIMEOUT = "Write timed out";

  private final Verbs verbs;
  private final Framing framing;

  /** Those who write; closed when this socket is. */
  private final BlockedThreads blocked = new BlockedThreads();

  /** Those who read; closed when the input has ended, at the latest when this socket is closed. */
  private final BlockedThreads readers = new BlockedThreads();

  private final Turn reads = new Turn();
  private final Turn writes = new Turn();

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
  public int read() throws IOException {
    long timeout = readTimeoutNanos();
    reads.take(timeout, READ_TIMEOUT);
    try {
      return isReadable(timeout) ? received.get() & 0xff : -1;
    } finally {
      reads.giveUp();
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    long timeout = readTimeoutNanos();
    reads.take(timeout, READ_TIMEOUT);
    try {
      if (!isReadable(timeout)) {
        return -1;
      }
      int count = Math.min(length, received.remaining());
      received.get(target, offset, count);
      return count;
    } finally {
      reads.giveUp();
    }
  }

  /** Waits until there is something to read; false if the input was ended. */
  private boolean isReadable(long timeoutNanos) throws IOException {
    while (true) {
      ensureOpen();
      if (inputShut) {
        return false;
      }
      refuseLate(readDeadlineNanos(), READ_TIMEOUT);
      if (received.hasRemaining()) {
        return true;
      }
      received = ByteBuffer.wrap(nextFrame(timeoutNanos));
    }
  }

  /** The next frame; an empty one if there is something new to look at instead. */
  private byte[] nextFrame(long timeoutNanos) throws IOException {
    try {
      return readers.run(() -> receive(timeoutNanos));
    } catch (BlockedThreads.Nudged e) {
      return new byte[0]; // the deadline was moved
    } catch (SocketException e) {
      if (inputShut && !isClosed()) {
        return new byte[0];
      }
      throw e;
    }
  }

  private byte[] receive(long timeoutNanos) throws IOException {
    try {
      return verbs.receive(until(earlier(timeoutNanos, readDeadlineNanos()), READ_TIMEOUT));
    } catch (CallTimeoutException e) {
      throw late(READ_TIMEOUT, e);
    }
  }

  private static long earlier(long one, long other) {
    if (one == NO_DEADLINE || other == NO_DEADLINE) {
      return Math.min(one, other);
    }
    return one - other < 0 ? one : other;
  }

  /** What is left until a moment, as the deadline of a call. */
  private static CallOptions until(long deadlineNanos, String late) throws CallTimeoutException {
    refuseLate(deadlineNanos, late);
    return CallOptions.within(
        Duration.ofNanos(
            deadlineNanos == NO_DEADLINE
                ? Long.MAX_VALUE / 4
                : Math.max(1, deadlineNanos - System.nanoTime())));
  }

  private static void refuseLate(long deadlineNanos, String late) throws CallTimeoutException {
    if (deadlineNanos != NO_DEADLINE && deadlineNanos - System.nanoTime() <= 0) {
      throw new CallTimeoutException(late, FailureDetails.NOTHING_SENT, null);
    }
  }

  /** In the words of a socket, and with what is known of the message. */
  private static CallTimeoutException late(String message, IOException e) {
    FailureDetails details =
        e instanceof CallFailure failure ? failure.details() : FailureDetails.NOTHING_SENT;
    CallTimeoutException told = new CallTimeoutException(message, details, e);
    told.bytesTransferred = (int) Math.min(Integer.MAX_VALUE, details.bytesWritten());
    return told;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    writes.take(writeDeadlineNanos(), WRITE_TIMEOUT);
    try {
      ensureWritable();
      if (framing instanceof None) {
        send(source, offset, length);
        return;
      }
      sendWhole(source, offset, length);
    } finally {
      writes.giveUp();
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
    try {
      blocked.run(
          () -> {
            long deadline = writeDeadlineNanos();
            verbs.sendFrame(
                frame,
                offset,
                length,
                deadline == NO_DEADLINE ? CallOptions.defaults() : until(deadline, WRITE_TIMEOUT));
            return true;
          });
    } catch (BlockedThreads.Nudged e) {
      throw late(WRITE_TIMEOUT, e.reason());
    }
  }

  // ---- time ----

  @Override
  protected void readDeadlineAt(long nanos) throws SocketException {
    super.readDeadlineAt(nanos);
    readers.nudge();
  }

  /**
   * A message under way keeps the deadline that it began with, as it could only be torn and not
   * taken back; but a deadline that has passed ends it.
   */
  @Override
  protected void writeDeadlineAt(long nanos) throws SocketException {
    super.writeDeadlineAt(nanos);
    if (nanos != NO_DEADLINE && nanos - System.nanoTime() <= 0) {
      blocked.nudge();
    }
  }

  // ---- being open, and ending ----

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
    writes.takeSoon();
    try {
      if (splitter.pending() > 0) {
        throw new IOException(
            "the last message is not complete: " + splitter.pending() + " bytes were not sent");
      }
    } finally {
      writes.giveUp();
    }
  }

  @Override
  public int available() throws IOException {
    ensureOpen();
    if (inputShut || !reads.takeIfFree()) {
      return 0;
    }
    try {
      return received.remaining();
    } finally {
      reads.giveUp();
    }
  }
}
