package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.net.SocketStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One lease of one connection; the connection outlives it.
 *
 * <p>One word counts the reads and writes under way and says whether the lease has ended, so that a
 * use and an end cannot both win:
 *
 * <pre>
 * n >= 0           n operations under way; begin adds one, finish takes one away
 * ENDED | n        no operation begins any more; the one who set ENDED settles the connection.
 *                  With n > 0 it is severed, which wakes those operations; else it is returned
 * </pre>
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
final class LeasedSocket extends ForwardingSocket
    implements SocketStreams.Source, SocketStreams.Sink {

  private static final int ENDED = 1 << 31;

  /** What the pool does with the connection when the lease ends. */
  interface Keeper {
    void giveBack(Connection connection);

    void discard(Connection connection, CloseReason reason);
  }

  private final Connection connection;
  private final Keeper keeper;
  private final AtomicInteger operations = new AtomicInteger();

  /** Why the connection must not be used again; the first reason stays. */
  private volatile @Nullable CloseReason spoilt;

  /** What the options were before the borrower changed them; null as long as it has not. */
  private @Nullable Map<SocketOption<?>, Object> originals;

  /** Where it was leased, if that is traced. */
  private final @Nullable Throwable leasedAt;

  LeasedSocket(Connection connection, Keeper keeper, @Nullable Throwable leasedAt)
      throws SocketException {
    this.connection = connection;
    this.keeper = keeper;
    this.leasedAt = leasedAt;
  }

  @Nullable Throwable leasedAt() {
    return leasedAt;
  }

  @Override
  public Endpoint endpoint() {
    return connection.endpoint();
  }

  Connection connection() {
    return connection;
  }

  /** Why the connection cannot be kept, or null as long as nothing went wrong on it. */
  @Nullable CloseReason spoilt() {
    return spoilt;
  }

  // ---- operations ----

  private void begin() throws SocketException {
    while (true) {
      int seen = operations.get();
      if (seen < 0) {
        throw ended();
      }
      if (operations.compareAndSet(seen, seen + 1)) {
        return;
      }
    }
  }

  private void finish() {
    operations.getAndDecrement();
  }

  private static SocketException ended() {
    return new SocketException(
        "Socket is closed: its connection was given back to the pool and must not be used any more");
  }

  private IOException spoil(IOException e) {
    if (e instanceof SocketTimeoutException) {
      spoil(CloseReason.TIMED_OUT);
    } else if (e instanceof InterruptedIOException) {
      spoil(CloseReason.INTERRUPTED);
    } else {
      spoil(CloseReason.IO_ERROR);
    }
    return e;
  }

  private void spoil(CloseReason reason) {
    if (spoilt == null) {
      spoilt = reason;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    begin();
    try {
      long deadline = readDeadlineNanos();
      int count = connection.socket().read(target, offset, length, deadline);
      if (count < 0) {
        spoil(isInputShutdown() ? CloseReason.HALF_CLOSED : CloseReason.PEER_CLOSED);
      }
      return count;
    } catch (IOException e) {
      throw spoil(e);
    } finally {
      finish();
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    begin();
    try {
      connection.socket().write(source, offset, length, writeDeadlineNanos());
    } catch (IOException e) {
      throw spoil(e);
    } finally {
      finish();
    }
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    begin();
    try {
      connection.socket().sendUrgentData(data);
    } catch (IOException e) {
      throw spoil(e);
    } finally {
      finish();
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    begin();
    try {
      connection.socket().shutdownInput();
      spoil(CloseReason.HALF_CLOSED);
    } finally {
      finish();
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    begin();
    try {
      connection.socket().shutdownOutput();
      spoil(CloseReason.HALF_CLOSED);
    } finally {
      finish();
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    InputStream unused = openTarget().getInputStream(); // refuses what a socket refuses
    return SocketStreams.input(this);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream unused = openTarget().getOutputStream();
    return SocketStreams.output(this);
  }

  // ---- time ----

  /** Bounds reads and writes by a moment in {@code System.nanoTime()}. */
  void boundBy(long nanos) {
    deadlinesAt(nanos, nanos);
  }

  /** Takes over the times of the socket that this lease takes the place of. */
  void takeTimesOf(DeadlineSocket other) {
    timeAs(other);
  }

  @Override
  protected SocketException closedException() {
    return ended();
  }

  // ---- what cannot be done to a lease ----

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    ensureOpen();
    throw new SocketException("already connected");
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    ensureOpen();
    throw new SocketException("Already bound");
  }

  // ---- options: put back when the lease ends ----

  @Override
  Socket target() {
    return connection.socket();
  }

  @Override
  Socket openTarget() throws SocketException {
    ensureOpen();
    return connection.socket();
  }

  @Override
  <T> void changing(SocketOption<T> option) throws IOException {
    ensureOpen();
    Map<SocketOption<?>, Object> known = originals;
    if (known == null) {
      known = new HashMap<>();
      originals = known;
    }
    if (!known.containsKey(option)) {
      known.put(option, connection.socket().getOption(option));
    }
  }

  @Override
  void oobInlineChanging() {
    spoil(CloseReason.DISCARDED);
  }

  private void putOptionsBack() {
    Map<SocketOption<?>, Object> known = originals;
    if (known == null) {
      return;
    }
    try {
      for (Map.Entry<SocketOption<?>, Object> original : known.entrySet()) {
        putBack(original.getKey(), original.getValue());
      }
    } catch (IOException | RuntimeException e) {
      spoil(CloseReason.IO_ERROR);
    }
  }

  private <T> void putBack(SocketOption<T> option, Object value) throws IOException {
    T original = option.type().cast(value);
    if (original.equals(connection.socket().getOption(option))) {
      return;
    }
    Socket unused = connection.socket().setOption(option, original);
    if (!original.equals(connection.socket().getOption(option))) {
      spoil(CloseReason.DISCARDED); // buffer sizes cannot be put back exactly
    }
  }

  // ---- the end ----

  @Override
  public boolean isClosed() {
    return operations.get() < 0 || connection.socket().isClosed();
  }

  @Override
  public void close() {
    end(null);
  }

  @Override
  public void discard() {
    end(CloseReason.DISCARDED);
  }

  /** Ends the lease once; a reason means that the connection must not be kept. */
  void end(@Nullable CloseReason reason) {
    int seen = operations.getAndUpdate(word -> word | ENDED);
    if (seen < 0) {
      return;
    }
    connection.heldByNobody();
    if (reason != null) {
      spoil(reason);
    } else if (seen > 0) {
      spoil(CloseReason.DISCARDED); // a read or write is under way in another thread
    } else {
      putOptionsBack();
    }
    CloseReason bad = spoilt;
    if (bad == CloseReason.HALF_CLOSED && seen > 0) {
      bad = CloseReason.DISCARDED; // an orderly close would leave those threads waiting
    }
    if (bad == null && connection.hasUnread()) {
      bad = CloseReason.UNREAD_BYTES;
    } else if (bad == CloseReason.HALF_CLOSED && seen > 0) {
      bad = CloseReason.DISCARDED; // an orderly close would wait for the one under way
    }
    if (bad == null) {
      keeper.giveBack(connection);
    } else {
      keeper.discard(connection, bad);
    }
  }

  @Override
  public String toString() {
    return "PooledSocket[" + connection + (isClosed() ? ", closed]" : "]");
  }

  @Override
  public int available() throws IOException {
    begin();
    try {
      return connection.socket().available();
    } finally {
      finish();
    }
  }
}
