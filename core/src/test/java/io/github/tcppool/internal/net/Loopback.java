package io.github.tcppool.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A server on loopback whose ends of the connections a test holds in its hand. */
public final class Loopback implements AutoCloseable {

  /** Something that may block. */
  public interface Action<T> {
    /** Does it. */
    T run() throws Exception;
  }

  /** A thread that is inside something. */
  public static final class Inside<T> {
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** The thread. */
    public Thread thread() {
      return thread.get();
    }

    /** What came of it, within five seconds. */
    public T result() throws Exception {
      try {
        return result.get(5, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      } catch (TimeoutException e) {
        throw new AssertionError("still blocked: " + thread, e);
      }
    }

    /** Whether it is over. */
    public boolean isOver() {
      return result.isDone();
    }
  }

  private final ServerSocket server;

  /** Listens. */
  public Loopback() throws IOException {
    server = new ServerSocket();
    server.setReceiveBufferSize(16 << 10);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    server.setSoTimeout(5_000);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** As {@code host:port}. */
  public String hostPort() {
    return address().getAddress().getHostAddress() + ":" + address().getPort();
  }

  /** The peer's end of the next connection. */
  public Socket accept() throws IOException {
    Socket accepted = server.accept();
    accepted.setSoTimeout(5_000);
    return accepted;
  }

  /** Runs the action on a thread of its own and returns when that is blocked, or done. */
  public static <T> Inside<T> inside(Action<T> action) {
    return inside(Loopback::daemon, action);
  }

  /** As {@link #inside(Action)}, on a thread that is made here. */
  public static <T> Inside<T> inside(ThreadFactory threads, Action<T> action) {
    Inside<T> inside = beside(threads, action);
    int[] seen = {0};
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              seen[0] = isBlocked(inside.thread()) ? seen[0] + 1 : 0;
              return inside.isOver() || seen[0] >= 4;
            });
    return inside;
  }

  /** Runs the action on a thread that is made here, and does not look at it. */
  public static <T> Inside<T> beside(ThreadFactory threads, Action<T> action) {
    Inside<T> inside = new Inside<>();
    Thread thread =
        threads.newThread(
            () -> {
              try {
                inside.result.complete(action.run());
              } catch (Throwable t) {
                inside.result.completeExceptionally(t);
              }
            });
    inside.thread.set(thread);
    thread.start();
    return inside;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  /** Whether it waits, or sits in a system call that may wait. */
  private static boolean isBlocked(Thread thread) {
    if (thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING) {
      return true;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0
        && Set.of("wait", "poll", "read0", "write0", "connect0").contains(stack[0].getMethodName());
  }

  /** Writes until the kernel takes no more and the thread blocks. */
  public static Inside<Void> blockedWrite(Socket socket) {
    Inside<Void> writer =
        inside(
            () -> {
              byte[] much = new byte[1 << 20];
              while (true) {
                socket.getOutputStream().write(much);
              }
            });
    assertThat(writer.isOver()).as("the write is over").isFalse();
    return writer;
  }

  /** Reads, and returns when that is blocked. */
  public static Inside<Integer> blockedRead(Socket socket) {
    Inside<Integer> reader = inside(() -> socket.getInputStream().read());
    assertThat(reader.isOver()).as("the read is over").isFalse();
    return reader;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
