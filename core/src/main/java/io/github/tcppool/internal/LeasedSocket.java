package io.github.tcppool.internal;

import io.github.tcppool.CloseReason;
import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.net.ChannelSocket;
import io.github.tcppool.internal.net.SocketStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** One lease of one connection; the connection outlives it. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
class LeasedSocket extends EndingSocket implements SocketStreams.Source, SocketStreams.Sink {

  private static final AtomicReferenceFieldUpdater<LeasedSocket, @Nullable OriginalOptions>
      ORIGINALS =
          AtomicReferenceFieldUpdater.newUpdater(
              LeasedSocket.class, OriginalOptions.class, "originals");

  /** What the pool does with the connection when the lease ends. */
  interface Keeper {

    /**
     * Takes it back.
     *
     * @param brief whether the housekeeper has not met the lease
     * @param served whether anything was read or written
     */
    void giveBack(Connection connection, boolean brief, boolean served);

    void discard(Connection connection, CloseReason reason);
  }

  private final Connection connection;
  private final Keeper keeper;

  /** Why the connection must not be used again; the first reason stays. */
  private volatile @Nullable CloseReason spoilt;

  /** What the options were before the borrower changed them; null as long as it has not. */
  private volatile @Nullable OriginalOptions originals;

  /** Whether the borrower has set a deadline, which must not outlive the lease. */
  private volatile boolean deadlineSet;

  /** Whether the borrower has read or written; a hint, if threads of his end the lease early. */
  private boolean served;

  private volatile boolean inputShut;
  private volatile boolean outputShut;

  LeasedSocket(Connection connection, Keeper keeper) throws SocketException {
    this.connection = connection;
    this.keeper = keeper;
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

  private IOException spoil(IOException e) {
    spoil(Calls.reasonFor(e));
    return e;
  }

  private void spoil(CloseReason reason) {
    if (spoilt == null) {
      spoilt = reason;
    }
  }

  @Override
  public int read() throws IOException {
    begin();
    try {
      return seen(connection.socket().read(readTimeoutNanos()));
    } catch (IOException e) {
      throw spoil(e);
    } finally {
      finish();
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    begin();
    try {
      return seen(connection.socket().read(target, offset, length, readTimeoutNanos()));
    } catch (IOException e) {
      throw spoil(e);
    } finally {
      finish();
    }
  }

  private int seen(int read) {
    if (read < 0) {
      spoil(
          connection.socket().isInputShutdown()
              ? CloseReason.HALF_CLOSED
              : CloseReason.PEER_CLOSED);
    } else {
      served = true;
    }
    return read;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    begin();
    long before = connection.bytesWritten();
    try {
      connection.socket().write(source, offset, length);
      served = true;
    } catch (IOException e) {
      spoil(connection.bytesWritten() == before ? Calls.reasonFor(e) : CloseReason.TORN_MESSAGE);
      throw e;
    } finally {
      finish();
    }
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

  @Override
  public void sendUrgentData(int data) throws IOException {
    use(() -> connection.socket().sendUrgentData(data));
  }

  /** Does, within the lease, what costs the connection if it fails. */
  final void use(Step<IOException> step) throws IOException {
    run(
        () -> {
          try {
            step.run();
          } catch (SocketException e) { // of which some are about the argument
            spoil(CloseReason.IO_ERROR);
            throw e;
          } catch (IOException e) {
            throw spoil(e);
          }
        });
  }

  @Override
  public void shutdownInput() throws IOException {
    run(
        () -> {
          connection.socket().shutdownInput();
          inputShut = true;
          spoil(CloseReason.HALF_CLOSED);
        });
  }

  @Override
  public void shutdownOutput() throws IOException {
    run(
        () -> {
          connection.socket().shutdownOutput();
          outputShut = true;
          spoil(CloseReason.HALF_CLOSED);
        });
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
  void boundBy(long nanos) throws SocketException {
    readDeadlineAt(nanos);
    writeDeadlineAt(nanos);
  }

  /** Takes over the times of the socket that this lease takes the place of. */
  void takeTimesOf(DeadlineSocket other) throws SocketException {
    timeAs(other);
  }

  @Override
  protected void readDeadlineAt(long nanos) throws SocketException {
    run(
        () -> {
          deadlineSet = true;
          super.readDeadlineAt(nanos);
          connection.channel().limitReads(nanos);
        });
  }

  @Override
  protected void writeDeadlineAt(long nanos) throws SocketException {
    run(
        () -> {
          deadlineSet = true;
          super.writeDeadlineAt(nanos);
          connection.channel().limitWrites(nanos);
        });
  }

  private void takeDeadlinesAway() {
    if (deadlineSet) {
      connection.channel().limitReads(NO_DEADLINE);
      connection.channel().limitWrites(NO_DEADLINE);
    }
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
    InetSocketAddress unused = ChannelSocket.requireConnectable(address, timeoutMillis);
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

  /** Within the lease: an option that is set while it ends costs the connection. */
  @Override
  void change(SocketOption<?> option, Change change) throws IOException {
    run(
        () -> {
          originals().note(option);
          change.of(connection.socket());
        });
  }

  private OriginalOptions originals() {
    OriginalOptions known = originals;
    if (known == null) {
      known = new OriginalOptions(connection.socket());
      if (!ORIGINALS.compareAndSet(this, null, known)) {
        return originals();
      }
    }
    return known;
  }

  /** It has no {@link SocketOption}, and what is urgent may be on its way: it is not put back. */
  @Override
  public void setOOBInline(boolean on) throws SocketException {
    run(
        () -> {
          spoil(CloseReason.DISCARDED);
          connection.socket().setOOBInline(on);
        });
  }

  private void putOptionsBack() {
    OriginalOptions known = originals;
    if (known == null) {
      return;
    }
    try {
      if (!known.putBack()) {
        spoil(CloseReason.DISCARDED); // buffer sizes cannot be put back exactly
      }
    } catch (IOException | RuntimeException e) {
      spoil(CloseReason.IO_ERROR);
    }
  }

  // ---- the end: what the connection goes through afterwards is not this socket's ----

  @Override
  public boolean isInputShutdown() {
    return inputShut;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShut;
  }

  @Override
  public InetAddress getLocalAddress() {
    return isClosed() ? new InetSocketAddress(0).getAddress() : super.getLocalAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return isClosed() ? new InetSocketAddress(getLocalPort()) : super.getLocalSocketAddress();
  }

  @Override
  public boolean isClosed() {
    return isEnded() || connection.socket().isClosed();
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
    int seen = markEnded();
    if (seen < 0) {
      return;
    }
    boolean brief = connection.heldByNobody(this);
    if (reason != null) {
      spoil(reason);
    } else if (seen > 0) {
      spoil(CloseReason.DISCARDED); // a read or write is under way in another thread
    } else {
      putOptionsBack();
      takeDeadlinesAway();
    }
    CloseReason bad = spoilt;
    if (bad == CloseReason.HALF_CLOSED && seen > 0) {
      bad = CloseReason.DISCARDED; // an orderly close would leave those threads waiting
    }
    if (bad == null && connection.hasUnread()) {
      bad = CloseReason.UNREAD_BYTES;
    }
    if (bad == null) {
      keeper.giveBack(connection, brief, served);
    } else {
      keeper.discard(connection, bad);
    }
  }

  @Override
  public String toString() {
    return "PooledSocket[" + connection + (isClosed() ? ", closed]" : "]");
  }
}
