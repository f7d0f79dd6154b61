package io.github.tcppool.internal;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.TcpPool;
import io.github.tcppool.internal.net.ChannelSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and options of a socket that stands for a whole pool: the address is that of the first
 * endpoint, and options are those of the pool, in force for connections made from then on.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
abstract class PoolWideSettings extends DeadlineSocket {

  private static final Pattern FOUR_NUMBERS = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");

  private final TcpPool pool;
  private final SocketAddress remote;

  PoolWideSettings(TcpPool pool, SocketAddress remote) throws SocketException {
    this.pool = pool;
    this.remote = remote;
  }

  /** Nobody is asked what a name stands for: a pool asks anew for every dial. */
  static InetSocketAddress addressOf(Endpoint endpoint) {
    String host = endpoint.host();
    boolean literal = host.indexOf(':') >= 0 || FOUR_NUMBERS.matcher(host).matches();
    return literal
        ? new InetSocketAddress(host, endpoint.port())
        : InetSocketAddress.createUnresolved(host, endpoint.port());
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    InetSocketAddress unused = ChannelSocket.requireConnectable(address, timeoutMillis);
    throw new SocketException(isClosed() ? "Socket is closed" : "already connected");
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    throw new SocketException(isClosed() ? "Socket is closed" : "Already bound");
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return remote instanceof InetSocketAddress address ? address.getAddress() : null;
  }

  @Override
  public int getPort() {
    return remote instanceof InetSocketAddress address ? address.getPort() : 0;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return remote;
  }

  @Override
  public InetAddress getLocalAddress() {
    return local().getAddress();
  }

  @Override
  public int getLocalPort() {
    return local().getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return local();
  }

  private InetSocketAddress local() {
    return pool.options().localAddress() instanceof InetSocketAddress address
        ? address
        : new InetSocketAddress(0);
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  // ---- options ----

  private void refuseIfClosed() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
  }

  @Override
  public <T> Socket setOption(SocketOption<T> option, @Nullable T value) throws IOException {
    Objects.requireNonNull(option, "option must not be null");
    refuseIfClosed();
    T kept = value;
    try (ChannelSocket check = new ChannelSocket()) {
      Socket unused = check.setOption(option, value); // refuses what a socket would refuse
      if (option == StandardSocketOptions.SO_LINGER) {
        kept = check.getOption(option); // below zero means off, which is -1
      }
    }
    T meant = kept;
    pool.update(options -> options.socketOption(option, meant));
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    Objects.requireNonNull(option, "option must not be null");
    refuseIfClosed();
    Object set = pool.options().socketOptions().get(option);
    if (set != null) {
      return option.type().cast(set);
    }
    try (ChannelSocket fresh = new ChannelSocket()) {
      return fresh.getOption(option);
    }
  }

  private <T> void set(SocketOption<T> option, T value) throws SocketException {
    try {
      Socket unused = setOption(option, value);
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  private <T> T get(SocketOption<T> option) throws SocketException {
    try {
      return getOption(option);
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  /** Of which nothing is asked but what it would refuse, or what its options are. */
  private static ChannelSocket fresh() throws SocketException {
    try {
      return new ChannelSocket();
    } catch (IOException e) {
      throw asSocketException(e);
    }
  }

  private static SocketException asSocketException(IOException e) {
    if (e instanceof SocketException known) {
      return known;
    }
    SocketException known = new SocketException(e.getMessage());
    known.initCause(e);
    return known;
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    try (ChannelSocket fresh = new ChannelSocket()) {
      return fresh.supportedOptions();
    } catch (IOException e) {
      return Set.of();
    }
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
  public void setSendBufferSize(int bytes) throws SocketException {
    try (ChannelSocket check = fresh()) {
      check.setSendBufferSize(bytes);
    }
    set(StandardSocketOptions.SO_SNDBUF, bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    try (ChannelSocket check = fresh()) {
      check.setReceiveBufferSize(bytes);
    }
    set(StandardSocketOptions.SO_RCVBUF, bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setTrafficClass(int value) throws SocketException {
    set(StandardSocketOptions.IP_TOS, value);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return get(StandardSocketOptions.IP_TOS);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    try (ChannelSocket check = fresh()) {
      check.setSoLinger(on, seconds);
      set(StandardSocketOptions.SO_LINGER, check.getSoLinger());
    }
  }

  @Override
  public int getSoLinger() throws SocketException {
    return get(StandardSocketOptions.SO_LINGER);
  }

  /** Refused: urgent data is not part of any message. */
  @Override
  public void sendUrgentData(int data) throws IOException {
    refuseIfClosed();
    throw new SocketException(
        "urgent data cannot be sent on a socket that stands for a whole pool");
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    refuseIfClosed();
    throw new SocketException(
        "urgent data cannot be received on a socket that stands for a whole pool");
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    refuseIfClosed();
    return false;
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    // a hint that the JDK ignores as well
  }

  @Override
  public String toString() {
    return "Socket[over pool to " + remote + "]";
  }
}
