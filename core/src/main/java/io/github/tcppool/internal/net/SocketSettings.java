package io.github.tcppool.internal.net;

import io.github.tcppool.DeadlineSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options, addresses and flags of a socket over a channel, as {@link java.net.Socket} documents
 * them.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
abstract class SocketSettings extends DeadlineSocket {

  private volatile boolean connected;
  private volatile boolean bound;

  /** Where the peer is; kept, because the JDK's sockets go on telling it after close. */
  private volatile @Nullable InetSocketAddress remote;

  private volatile @Nullable InetSocketAddress local;

  SocketSettings() throws SocketException {}

  abstract SocketChannel raw();

  /** Notes that the channel is connected now. */
  final void connected() throws IOException {
    try {
      remote = (InetSocketAddress) raw().getRemoteAddress();
      local = (InetSocketAddress) raw().getLocalAddress();
    } catch (ClosedChannelException e) {
      throw new SocketException("Socket closed");
    }
    bound = true;
    connected = true;
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    ensureOpen();
    if (bound) {
      throw new SocketException("Already bound");
    }
    if (address != null && !(address instanceof InetSocketAddress)) {
      throw new IllegalArgumentException(
          "address must be an InetSocketAddress, but was " + address);
    }
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new SocketException("Unresolved address");
    }
    raw().bind(address);
    local = (InetSocketAddress) raw().getLocalAddress();
    bound = true;
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isBound() {
    return bound;
  }

  // ---- addresses ----

  @Override
  public @Nullable InetAddress getInetAddress() {
    InetSocketAddress address = remote;
    return address == null ? null : address.getAddress();
  }

  @Override
  public int getPort() {
    InetSocketAddress address = remote;
    return address == null ? 0 : address.getPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return remote;
  }

  @Override
  public InetAddress getLocalAddress() {
    InetSocketAddress address = local;
    return address == null || isClosed()
        ? new InetSocketAddress(0).getAddress()
        : address.getAddress();
  }

  @Override
  public int getLocalPort() {
    InetSocketAddress address = local;
    return address == null ? -1 : address.getPort();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    InetSocketAddress address = local;
    if (address == null) {
      return null;
    }
    return isClosed() ? new InetSocketAddress(address.getPort()) : address;
  }

  /**
   * Null, as for every socket that was not made by a channel's user: the channel below is not to be
   * used directly.
   */
  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  // ---- options ----

  @Override
  public <T> java.net.Socket setOption(SocketOption<T> option, @Nullable T value)
      throws IOException {
    set(option, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    return get(option);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.copyOf(new HashSet<>(raw().supportedOptions()));
  }

  private <T> void set(SocketOption<T> option, @Nullable T value) throws SocketException {
    Objects.requireNonNull(option, "option must not be null");
    ensureOpen();
    try {
      raw().setOption(option, value);
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  private <T> T get(SocketOption<T> option) throws SocketException {
    Objects.requireNonNull(option, "option must not be null");
    ensureOpen();
    try {
      return raw().getOption(option);
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  private static SocketException asSocketException(IOException e) {
    if (e instanceof SocketException known) {
      return known;
    }
    String message = e instanceof ClosedChannelException ? "Socket is closed" : e.getMessage();
    SocketException known = new SocketException(message);
    known.initCause(e);
    return known;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    set(StandardSocketOptions.TCP_NODELAY, on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return get(StandardSocketOptions.TCP_NODELAY);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_KEEPALIVE, on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return get(StandardSocketOptions.SO_KEEPALIVE);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return get(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    if (on && seconds < 0) {
      throw new IllegalArgumentException("linger must not be negative, but was " + seconds);
    }
    set(StandardSocketOptions.SO_LINGER, on ? Math.min(seconds, 65_535) : -1);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return get(StandardSocketOptions.SO_LINGER);
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    requirePositive("send buffer size", bytes);
    set(StandardSocketOptions.SO_SNDBUF, bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    requirePositive("receive buffer size", bytes);
    set(StandardSocketOptions.SO_RCVBUF, bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  private static void requirePositive(String name, int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(name + " must be at least 1, but was " + bytes);
    }
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    if (trafficClass < 0 || trafficClass > 255) {
      throw new IllegalArgumentException("traffic class must be 0 to 255, but was " + trafficClass);
    }
    set(StandardSocketOptions.IP_TOS, trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return get(StandardSocketOptions.IP_TOS);
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    ensureOpen();
    raw().socket().setOOBInline(on);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    ensureOpen();
    return raw().socket().getOOBInline();
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    // a hint that the JDK ignores as well
  }

  @Override
  public String toString() {
    return isConnected()
        ? "Socket[" + getRemoteSocketAddress() + ", local port " + getLocalPort() + "]"
        : "Socket[unconnected]";
  }
}
