package io.github.tcppool.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A port that stays the same while listeners on it come and go.
 *
 * <p>An ephemeral port is chosen by the first {@link #open}. Between two listeners it is kept, as
 * far as the system allows that: connects are refused, and nobody who asks for any free port gets
 * it.
 */
final class Port {
  private final String owner;
  private final int backlog;
  private final int receiveBufferBytes;
  private final Loop loop;
  private final Crew crew;
  private final Consumer<SocketChannel> taker;
  private final ReentrantLock lock = new ReentrantLock();
  private InetSocketAddress address;
  private @Nullable Listener listener;
  private @Nullable SocketChannel keeper;
  private boolean paused;
  private boolean retired;

  Port(
      String owner,
      InetSocketAddress address,
      int backlog,
      int receiveBufferBytes,
      Loop loop,
      Crew crew,
      Consumer<SocketChannel> taker) {
    this.address = address;
    this.owner = owner;
    this.backlog = backlog;
    this.receiveBufferBytes = receiveBufferBytes;
    this.loop = loop;
    this.crew = crew;
    this.taker = taker;
  }

  /** Listens, if it does not already; waits up to 5 s for a port that is taken. */
  void open() {
    lock.lock();
    try {
      if (retired) {
        throw new IllegalStateException("closed: " + hostPort(address));
      }
      if (listener == null) {
        letGo();
        listener =
            Listener.open(owner, address, backlog, receiveBufferBytes, paused, loop, crew, taker);
        address = listener.address();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Refuses from now on; with {@code drain}, clients in the backlog are taken first. */
  void close(boolean drain) {
    lock.lock();
    try {
      if (listener != null) {
        if (drain) {
          listener.drainAndClose();
        } else {
          listener.close();
        }
        listener = null;
        keeper = Ports.keep(address);
      }
    } finally {
      lock.unlock();
    }
  }

  private void letGo() {
    if (keeper != null) {
      Ports.letGo(keeper);
      keeper = null;
    }
  }

  /** Closes for good. */
  void retire() {
    lock.lock();
    try {
      retired = true;
      close(false);
      letGo();
    } finally {
      lock.unlock();
    }
  }

  void pause(boolean wanted) {
    lock.lock();
    try {
      paused = wanted;
      if (listener != null) {
        listener.pause(wanted);
      }
    } finally {
      lock.unlock();
    }
  }

  InetSocketAddress address() {
    lock.lock();
    try {
      return address;
    } finally {
      lock.unlock();
    }
  }

  /** The address as clients write it: {@code 127.0.0.1:9999} or {@code [::1]:9999}. */
  static String hostPort(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (Loopback.V6.equals(ip)) {
      return "[::1]:" + address.getPort();
    }
    String host = ip == null ? address.getHostString() : ip.getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
