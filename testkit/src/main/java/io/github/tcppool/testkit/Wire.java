package io.github.tcppool.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection in non-blocking mode, with waits that anybody can end.
 *
 * <p>The {@link #lock} is held over system calls, which never block here, so that a reset or a
 * pause asked for by another thread falls between two of them: when {@link #close(boolean)}
 * returns, no byte moves any more.
 */
final class Wire {
  /** Guards the channel's use and whatever the owner wants to change together with it. */
  final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final ReentrantLock writing = new ReentrantLock();
  private final Loop loop;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final @Nullable TlsEnd tls;
  private final InetSocketAddress remote;

  /** Whether bytes can go through; guarded by the lock. */
  private boolean secured;

  private volatile boolean closed;
  private volatile boolean broken;
  private volatile boolean outputEnded;

  /** Takes over the channel; closes it when it cannot. */
  Wire(Loop loop, SocketChannel channel) throws IOException {
    this(loop, channel, null);
  }

  /** As {@link #Wire(Loop, SocketChannel)}, as the server's end of TLS if there is a context. */
  Wire(Loop loop, SocketChannel channel, @Nullable SSLContext context) throws IOException {
    this.loop = loop;
    this.channel = channel;
    tls = context == null ? null : new TlsEnd(channel, context);
    secured = tls == null;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      SocketAddress address = channel.getRemoteAddress();
      if (!(address instanceof InetSocketAddress inet)) {
        throw new ClosedChannelException();
      }
      this.remote = inet;
      this.key = loop.register(channel, this::wake);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  InetSocketAddress remoteAddress() {
    return remote;
  }

  boolean isOpen() {
    return !closed;
  }

  /** Whether the other side reset the connection, as far as reads and writes have found out. */
  boolean isBroken() {
    return broken;
  }

  /** Ends the handshake, if there is one to be made; false if it failed. */
  boolean secure() throws InterruptedException {
    TlsEnd end = tls;
    if (end == null) {
      return true;
    }
    lock.lock();
    try {
      for (TlsEnd.Wait wait = end.handshake();
          wait != TlsEnd.Wait.NOTHING;
          wait = end.handshake()) {
        if (closed) {
          return false;
        }
        loop.arm(key, wait == TlsEnd.Wait.READ ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        awaitChange(Long.MAX_VALUE);
      }
      secured = true;
      return !closed;
    } catch (IOException e) {
      return false;
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Reads what has arrived: 0 for nothing yet, -1 for the end. The caller holds the lock. */
  int tryRead(ByteBuffer into) throws IOException {
    try {
      return tls == null ? channel.read(into) : tls.read(into);
    } catch (IOException e) {
      broken |= !closed;
      throw e;
    }
  }

  /**
   * Waits until reading may succeed, {@link #wake()} is called or the time is up. Needs the lock.
   */
  void awaitReadable(long deadlineNanos) throws InterruptedException {
    loop.arm(key, SelectionKey.OP_READ);
    awaitChange(deadlineNanos);
  }

  /** Waits until {@link #wake()} is called or the time is up. Needs the lock. */
  @SuppressWarnings("WaitNotInLoop") // the callers loop: each waits for something else
  void awaitChange(long deadlineNanos) throws InterruptedException {
    if (closed) {
      return;
    }
    if (deadlineNanos == Long.MAX_VALUE) {
      changed.await();
    } else {
      changed.awaitNanos(deadlineNanos - System.nanoTime());
    }
  }

  /** Wakes whoever waits, to look again at what it waits for. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Writes everything, waiting as long as the other side does not read; messages do not mix. */
  void write(ByteBuffer bytes) throws IOException, InterruptedException {
    writing.lockInterruptibly();
    try {
      while (bytes.hasRemaining() || !isFlushed()) {
        writeSome(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  private boolean isFlushed() throws IOException {
    lock.lock();
    try {
      return tls == null || tls.flush();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDone(ByteBuffer bytes) throws IOException {
    return !bytes.hasRemaining() && isFlushed();
  }

  private void writeSome(ByteBuffer bytes) throws IOException, InterruptedException {
    lock.lock();
    try {
      if (!secured && !closed) {
        awaitChange(Long.MAX_VALUE);
        return;
      }
      if ((tls == null ? channel.write(bytes) : tls.write(bytes)) == 0 && !isDone(bytes)) {
        loop.arm(key, SelectionKey.OP_WRITE);
        awaitChange(Long.MAX_VALUE);
      }
    } catch (IOException e) {
      broken |= !closed && !outputEnded;
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Sends a FIN and stays open for reading; nothing happens if the connection has ended. */
  void halfClose() {
    lock.lock();
    try {
      if (!closed) {
        outputEnded = true;
        if (tls != null) {
          tls.sayEnd();
        }
        channel.shutdownOutput();
      }
    } catch (IOException e) {
      broken = true;
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /**
   * Closes with a FIN, or with a RST, which has left for certain after a {@link #flush()}; says
   * whether this call did it.
   */
  boolean close(boolean reset) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      if (reset) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } else if (tls != null && !outputEnded) {
        tls.sayEnd();
      }
      channel.close();
    } catch (IOException e) {
      broken = true;
    } finally {
      changed.signalAll();
      lock.unlock();
    }
    loop.nudge();
    return true;
  }

  /** Waits until what was closed before has left; once is enough for many wires of one loop. */
  void flush() {
    loop.flush();
  }
}
