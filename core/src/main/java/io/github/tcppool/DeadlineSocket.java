package io.github.tcppool;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Socket} whose reads <em>and writes</em> can be bounded in time.
 *
 * <p>{@link Socket#setSoTimeout} bounds each read on its own. A deadline bounds everything up to a
 * moment: each read or write that is still waiting then, or begins later, fails with {@link
 * java.net.SocketTimeoutException}, whose {@code bytesTransferred} tells how many bytes a write had
 * got rid of. A deadline can be moved at any time, from any thread, and counts at once, also for a
 * read or write that is waiting already. {@code Duration.ZERO} means now: what is under way ends,
 * and until the deadline is moved again nothing is read and nothing written, not even what would
 * not have to wait. Null takes the deadline away.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
public abstract class DeadlineSocket extends Socket {

  /** What {@link #readDeadlineNanos} and {@link #writeDeadlineNanos} say when there is none. */
  protected static final long NO_DEADLINE = Long.MAX_VALUE;

  private static final AtomicReferenceFieldUpdater<DeadlineSocket, @Nullable Deadlines> DEADLINES =
      AtomicReferenceFieldUpdater.newUpdater(DeadlineSocket.class, Deadlines.class, "deadlines");

  /** What most leases never have, so that those stay small. */
  private static final class Deadlines {
    volatile long readNanos = NO_DEADLINE;
    volatile long writeNanos = NO_DEADLINE;
  }

  private volatile int soTimeoutMillis;

  /** Made when the first deadline is set. */
  private volatile @Nullable Deadlines deadlines;

  /** For subclasses, which implement every other operation themselves. */
  protected DeadlineSocket() throws SocketException {
    super((SocketImpl) null);
  }

  /** Lets reads and writes fail from {@code fromNow} on. Go's {@code SetDeadline}. */
  public void setDeadline(@Nullable Duration fromNow) throws SocketException {
    setReadDeadline(fromNow);
    setWriteDeadline(fromNow);
  }

  /** Lets reads fail from {@code fromNow} on. Go's {@code SetReadDeadline}. */
  public void setReadDeadline(@Nullable Duration fromNow) throws SocketException {
    ensureOpen();
    readDeadlineAt(moment(fromNow));
  }

  /** Lets writes fail from {@code fromNow} on. Go's {@code SetWriteDeadline}. */
  public void setWriteDeadline(@Nullable Duration fromNow) throws SocketException {
    ensureOpen();
    writeDeadlineAt(moment(fromNow));
  }

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

  /** Refuses what cannot be done to a closed socket. */
  protected final void ensureOpen() throws SocketException {
    if (isClosed()) {
      throw closedException();
    }
  }

  /** What {@link #ensureOpen} throws. */
  protected SocketException closedException() {
    return new SocketException("Socket is closed");
  }

  /**
   * The TLS session of the connection; none if it is not under TLS, or is not this socket's now.
   */
  public Optional<SSLSession> tlsSession() {
    return Optional.empty();
  }

  /**
   * Begins TLS on this connection and waits for its handshake, within the connect timeout: the end
   * of a greeting in clear, as STARTTLS has it. What is written and read after it is protected.
   * Only for the {@linkplain TcpPool.Builder#onConnect connect hook} of a pool whose TLS is
   * {@linkplain TlsOptions#startedByHook() started by it}, once, while nothing is left unread.
   *
   * @throws javax.net.ssl.SSLException if the two do not agree, with what was wrong; or if the peer
   *     sent more in clear than was read
   * @throws IllegalStateException anywhere else
   */
  public void startTls() throws IOException {
    throw new IllegalStateException(
        "startTls must be called by the connect hook of a pool with TlsOptions.startedByHook()");
  }

  // ---- for subclasses; moments are in System.nanoTime() ----

  /** By when a read that begins now must have ended, by the timeout alone. */
  protected final long readTimeoutNanos() {
    int millis = soTimeoutMillis;
    return millis == 0 ? NO_DEADLINE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** By when a read must have ended, by the deadline alone. */
  protected final long readDeadlineNanos() {
    Deadlines known = deadlines;
    return known == null ? NO_DEADLINE : known.readNanos;
  }

  /** By when a write must have ended. */
  protected final long writeDeadlineNanos() {
    Deadlines known = deadlines;
    return known == null ? NO_DEADLINE : known.writeNanos;
  }

  /** Moves the deadline of reads. A subclass tells those who are reading. */
  protected void readDeadlineAt(long nanos) throws SocketException {
    deadlines().readNanos = nanos;
  }

  /** Moves the deadline of writes. A subclass tells those who are writing. */
  protected void writeDeadlineAt(long nanos) throws SocketException {
    deadlines().writeNanos = nanos;
  }

  /** Bounds reads and writes by the same moments as another socket. */
  protected final void timeAs(DeadlineSocket other) throws SocketException {
    soTimeoutMillis = other.soTimeoutMillis;
    readDeadlineAt(other.readDeadlineNanos());
    writeDeadlineAt(other.writeDeadlineNanos());
  }

  private Deadlines deadlines() {
    Deadlines known = deadlines;
    if (known == null) {
      known = new Deadlines();
      if (!DEADLINES.compareAndSet(this, null, known)) {
        return deadlines(); // it never goes back to null
      }
    }
    return known;
  }

  private static long moment(@Nullable Duration fromNow) {
    if (fromNow == null) {
      return NO_DEADLINE;
    }
    Duration checked = Require.notNegative("deadline", fromNow);
    return checked.equals(Require.MAX) ? NO_DEADLINE : System.nanoTime() + checked.toNanos();
  }
}
