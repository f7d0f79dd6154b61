package io.github.tcppool.internal;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.PooledSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is the face of another one: addresses, flags and options are the other one's. What
 * a lease or a factory's socket does by itself - streams, time, ending - is left to them.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing here may wait for a monitor
abstract class ForwardingSocket extends PooledSocket {

  ForwardingSocket() throws SocketException {}

  /** The socket behind this one; also after close, for addresses and flags. */
  abstract Socket target();

  /** The socket behind this one, for options. Throws after close. */
  abstract Socket openTarget() throws SocketException;

  /** A change of one option of the socket behind this one. */
  interface Change {
    void of(Socket target) throws IOException;
  }

  /** Makes the change, unless this socket is closed. */
  abstract void change(SocketOption<?> option, Change change) throws IOException;

  /** As {@link #change}, for the setters that declare only {@link SocketException}. */
  private void set(SocketOption<?> option, Change change) throws SocketException {
    try {
      change(option, change);
    } catch (SocketException e) {
      throw e;
    } catch (IOException e) {
      SocketException known = new SocketException(e.getMessage());
      known.initCause(e);
      throw known;
    }
  }

  @Override
  public Optional<SSLSession> tlsSession() {
    return !isClosed() && target() instanceof DeadlineSocket behind
        ? behind.tlsSession()
        : Optional.empty();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return target().getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return target().getLocalAddress();
  }

  @Override
  public int getPort() {
    return target().getPort();
  }

  @Override
  public int getLocalPort() {
    return target().getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return target().getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return target().getLocalSocketAddress();
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public boolean isConnected() {
    return target().isConnected();
  }

  @Override
  public boolean isBound() {
    return target().isBound();
  }

  @Override
  public boolean isInputShutdown() {
    return target().isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return target().isOutputShutdown();
  }

  // ---- options ----

  @Override
  public <T> Socket setOption(SocketOption<T> option, @Nullable T value) throws IOException {
    Objects.requireNonNull(option, "option must not be null");
    change(
        option,
        target -> {
          Socket unused = target.setOption(option, value);
        });
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> option) throws IOException {
    Objects.requireNonNull(option, "option must not be null");
    return openTarget().getOption(option);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return target().supportedOptions();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    set(StandardSocketOptions.TCP_NODELAY, target -> target.setTcpNoDelay(on));
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return openTarget().getTcpNoDelay();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_KEEPALIVE, target -> target.setKeepAlive(on));
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return openTarget().getKeepAlive();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_REUSEADDR, target -> target.setReuseAddress(on));
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return openTarget().getReuseAddress();
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return openTarget().getOOBInline();
  }

  @Override
  public void setSendBufferSize(int value) throws SocketException {
    set(StandardSocketOptions.SO_SNDBUF, target -> target.setSendBufferSize(value));
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return openTarget().getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int value) throws SocketException {
    set(StandardSocketOptions.SO_RCVBUF, target -> target.setReceiveBufferSize(value));
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return openTarget().getReceiveBufferSize();
  }

  @Override
  public void setTrafficClass(int value) throws SocketException {
    set(StandardSocketOptions.IP_TOS, target -> target.setTrafficClass(value));
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return openTarget().getTrafficClass();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    set(StandardSocketOptions.SO_LINGER, target -> target.setSoLinger(on, seconds));
  }

  @Override
  public int getSoLinger() throws SocketException {
    return openTarget().getSoLinger();
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    target().setPerformancePreferences(connectionTime, latency, bandwidth);
  }
}
