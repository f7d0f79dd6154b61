package io.github.tcppool.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket and the thread that accepts from it.
 *
 * <p>Accepting and handing over are one step under the lock: after {@link #close()} or {@link
 * #pause} no connection turns up that was not handed over before.
 */
final class Listener {
  private static final Duration BIND_LIMIT = Duration.ofSeconds(5);
  private static final long BIND_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long ACCEPT_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Loop loop;
  private final ServerSocketChannel channel;
  private final SelectionKey key;
  private final InetSocketAddress address;
  private final Consumer<SocketChannel> taker;
  private boolean paused;
  private boolean closed;

  private Listener(Loop loop, ServerSocketChannel channel, Consumer<SocketChannel> taker)
      throws IOException {
    this.loop = loop;
    this.channel = channel;
    this.taker = taker;
    channel.configureBlocking(false);
    if (!(channel.getLocalAddress() instanceof InetSocketAddress inet)) {
      throw new IOException("not bound: " + channel);
    }
    this.address = inet;
    this.key = loop.register(channel, this::wake);
  }

  /** Binds, trying again for up to 5 s while the port is taken, and starts to accept. */
  static Listener open(
      String owner,
      InetSocketAddress address,
      int backlog,
      int receiveBufferBytes,
      boolean paused,
      Loop loop,
      Crew crew,
      Consumer<SocketChannel> taker) {
    try {
      ServerSocketChannel channel = bind(address, backlog, receiveBufferBytes);
      try {
        Listener listener = new Listener(loop, channel, taker);
        listener.pause(paused);
        crew.start(owner + "-accept-" + listener.address.getPort(), listener::run);
        return listener;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  private static ServerSocketChannel bind(InetSocketAddress address, int backlog, int bufferBytes)
      throws IOException {
    long deadline = System.nanoTime() + BIND_LIMIT.toNanos();
    for (; ; ) {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        if (bufferBytes > 0) {
          channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes);
        }
        return channel.bind(address, backlog);
      } catch (BindException e) {
        channel.close();
        if (address.getPort() == 0 || deadline - System.nanoTime() <= 0) {
          throw e;
        }
        LockSupport.parkNanos(BIND_RETRY_NANOS);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  InetSocketAddress address() {
    return address;
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        if (paused) {
          changed.await();
          continue;
        }
        try {
          if (!acceptOne()) {
            loop.arm(key, SelectionKey.OP_ACCEPT);
            changed.await();
          }
        } catch (IOException e) {
          // Out of file descriptors, or closed. The backlog keeps the clients meanwhile.
          changed.awaitNanos(ACCEPT_RETRY_NANOS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private boolean acceptOne() throws IOException {
    @Nullable SocketChannel accepted = channel.accept();
    if (accepted == null) {
      return false;
    }
    taker.accept(accepted);
    return true;
  }

  /** Leaves new connections in the backlog, or takes them again. */
  void pause(boolean wanted) {
    lock.lock();
    try {
      paused = wanted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes what waits in the backlog, for its bytes are not to be lost, and closes. */
  void drainAndClose() {
    lock.lock();
    try {
      boolean more = !closed;
      while (more) {
        more = acceptOne();
      }
    } catch (IOException e) {
      // What cannot be accepted is lost; closing goes on.
    } finally {
      lock.unlock();
    }
    close();
  }

  /** Closes the port; the kernel resets what waits in the backlog. Idempotent. */
  void close() {
    lock.lock();
    try {
      closed = true;
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      changed.signalAll();
      lock.unlock();
    }
    loop.flush();
  }
}
