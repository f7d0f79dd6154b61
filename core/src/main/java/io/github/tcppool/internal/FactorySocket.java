package io.github.tcppool.internal;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.internal.net.ChannelSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A socket from the factory: unconnected at first, then a lease if it is connected to an address of
 * the pool, else a plain connection of its own.
 *
 * <p>Options set before {@code connect} are set on an unconnected socket, which checks them, and
 * are carried over to the lease. A socket that was bound is never a lease, as the address of a
 * pooled connection is settled already.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
final class FactorySocket extends ForwardingSocket {

  /** Finds the lease for an address. */
  interface Leasing {
    /** A lease, or none if the address is not the pool's. A timeout of 0 means the pool's own. */
    Optional<LeasedSocket> leaseFor(InetSocketAddress address, int timeoutMillis)
        throws IOException;
  }

  private final Leasing leasing;
  private final boolean inClear;
  private final ChannelSocket plain;
  private final Set<SocketOption<?>> carried = ConcurrentHashMap.newKeySet();

  /** Never taken back: a socket whose connect failed is closed. */
  private final AtomicBoolean connectBegun = new AtomicBoolean();

  private volatile @Nullable LeasedSocket lease;
  private volatile boolean closed;

  /** Wakes a thread that waits in connect for a lease. */
  private final BlockedThreads connecting = new BlockedThreads();

  private volatile @Nullable Boolean oobInline;

  /**
   * An unconnected one.
   *
   * @param inClear whether it may be a plain connection: the pool has no TLS
   */
  FactorySocket(Leasing leasing, boolean inClear) throws IOException {
    this.leasing = leasing;
    this.inClear = inClear;
    plain = new ChannelSocket();
  }

  @Override
  Socket target() {
    LeasedSocket leased = lease;
    return leased == null ? plain : leased;
  }

  @Override
  Socket openTarget() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return target();
  }

  // ---- connecting ----

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    InetSocketAddress inet = ChannelSocket.requireConnectable(address, timeoutMillis);
    Socket unused = openTarget();
    if (!connectBegun.compareAndSet(false, true)) {
      throw new SocketException(isConnected() ? "already connected" : "Connection in progress");
    }
    long begun = System.nanoTime();
    LeasedSocket leased = plain.isBound() ? null : lease(inet, timeoutMillis);
    if (leased != null) {
      adopt(leased);
    } else if (inClear) {
      plain.connect(address, timeoutMillis == 0 ? 0 : left(timeoutMillis, begun));
    } else {
      close();
      throw new SocketException(
          "address must be one of the pool's, and the socket not bound, as all else would go in"
              + " clear and this pool has TLS, but was "
              + inet);
    }
  }

  /** Of the time for connecting, which the look at the pool's names may have taken a part of. */
  private static int left(int timeoutMillis, long begunNanos) {
    long taken = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
    return (int) Math.max(1, timeoutMillis - taken);
  }

  private @Nullable LeasedSocket lease(InetSocketAddress address, int timeoutMillis)
      throws IOException {
    try {
      return connecting.run(() -> leasing.leaseFor(address, timeoutMillis)).orElse(null);
    } catch (IOException | RuntimeException e) {
      close(); // as the JDK's does when a connect fails
      throw e;
    }
  }

  private void adopt(LeasedSocket leased) throws IOException {
    try {
      for (SocketOption<?> option : carried) {
        carry(leased, option);
      }
      if (oobInline != null) {
        leased.setOOBInline(oobInline);
      }
      leased.takeTimesOf(plain);
    } catch (IOException | RuntimeException e) {
      leased.discard();
      close();
      throw e;
    }
    lease = leased;
    plain.close();
    if (closed) { // by another thread, meanwhile
      leased.close();
      throw new SocketException("Socket closed");
    }
  }

  private <T> void carry(LeasedSocket leased, SocketOption<T> option) throws IOException {
    Socket unused = leased.setOption(option, plain.getOption(option));
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    openTarget().bind(address);
  }

  // ---- options ----

  @Override
  void change(SocketOption<?> option, Change change) throws IOException {
    Socket target = openTarget();
    if (target == plain) {
      carried.add(option);
    }
    change.of(target);
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    openTarget().setOOBInline(on);
    oobInline = on;
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    openTarget().setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return openTarget().getSoTimeout();
  }

  @Override
  public void setReadDeadline(@Nullable Duration fromNow) throws SocketException {
    deadlined().setReadDeadline(fromNow);
  }

  @Override
  public void setWriteDeadline(@Nullable Duration fromNow) throws SocketException {
    deadlined().setWriteDeadline(fromNow);
  }

  private DeadlineSocket deadlined() throws SocketException {
    Socket unused = openTarget();
    LeasedSocket leased = lease;
    return leased == null ? plain : leased;
  }

  // ---- use ----

  @Override
  public InputStream getInputStream() throws IOException {
    return openTarget().getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return openTarget().getOutputStream();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    openTarget().sendUrgentData(data);
  }

  @Override
  public void shutdownInput() throws IOException {
    openTarget().shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    openTarget().shutdownOutput();
  }

  @Override
  public Endpoint endpoint() {
    LeasedSocket leased = lease;
    if (leased != null) {
      return leased.endpoint();
    }
    if (plain.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
      return Endpoint.of(remote.getHostString(), remote.getPort());
    }
    throw new IllegalStateException("socket must be connected to have an endpoint");
  }

  @Override
  public void discard() {
    closed = true;
    boolean unused = connecting.close();
    LeasedSocket leased = lease;
    if (leased != null) {
      leased.discard();
    }
    plain.channel().abort();
  }

  @Override
  public boolean isClosed() {
    return closed || target().isClosed();
  }

  @Override
  public void close() {
    closed = true;
    boolean unused = connecting.close();
    LeasedSocket leased = lease;
    if (leased != null) {
      leased.close();
    }
    plain.close();
  }

  @Override
  public String toString() {
    return target().toString();
  }
}
