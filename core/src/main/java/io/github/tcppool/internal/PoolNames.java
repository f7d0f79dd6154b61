package io.github.tcppool.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * What names of endpoints resolve to at this moment.
 *
 * <p>The JDK's look-up has no timeout and hears no interrupt. So it runs on a worker, and the
 * caller waits for it no longer than it wants to. A name that is being looked up is not looked up a
 * second time: so there are never more such workers than names.
 */
final class PoolNames {

  private static final Pattern LITERAL = Pattern.compile(".*:.*|\\d+(\\.\\d+){3}");

  /** {@code InetAddress::getAllByName}, or one that a test has in its hand. */
  interface Resolver {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  private final Resolver resolver;
  private final Executor workers;

  /** Look-ups under way. */
  private final Map<String, CompletableFuture<List<InetAddress>>> lookUps =
      new ConcurrentHashMap<>();

  PoolNames(Resolver resolver, Executor workers) {
    this.resolver = resolver;
    this.workers = workers;
  }

  /**
   * Whether the host has the address; false if it is unknown.
   *
   * @throws SocketTimeoutException if that is not known before the deadline, in {@code
   *     System.nanoTime()}
   * @throws InterruptedIOException if the thread is interrupted; the flag stays set
   */
  boolean resolvesTo(String host, InetAddress wanted, long deadlineNanos) throws IOException {
    try {
      if (LITERAL.matcher(host).matches()) {
        return List.of(resolver.addressesOf(host)).contains(wanted); // asks nobody
      }
      return lookUp(host)
          .get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
          .contains(wanted);
    } catch (UnknownHostException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException) {
        return false;
      }
      throw new IOException("looking up the pool's " + host + " failed", e.getCause());
    } catch (TimeoutException e) {
      SocketTimeoutException told =
          new SocketTimeoutException(
              "connect timed out while the pool's " + host + " was looked up");
      told.initCause(e);
      throw told;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the pool's " + host + " was looked up");
    }
  }

  private CompletableFuture<List<InetAddress>> lookUp(String host) {
    CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
    CompletableFuture<List<InetAddress>> underWay = lookUps.putIfAbsent(host, mine);
    if (underWay != null) {
      return underWay;
    }
    try {
      workers.execute(() -> run(host, mine));
    } catch (RuntimeException | Error e) { // no thread
      end(host, mine);
      boolean unused = mine.completeExceptionally(e);
    }
    return mine;
  }

  private void run(String host, CompletableFuture<List<InetAddress>> mine) {
    try {
      boolean unused = mine.complete(List.of(resolver.addressesOf(host)));
    } catch (Throwable e) { // also what a provider of names throws that should not
      boolean unused = mine.completeExceptionally(e);
    } finally {
      end(host, mine);
    }
  }

  private void end(String host, CompletableFuture<List<InetAddress>> mine) {
    boolean unused = lookUps.remove(host, mine);
  }
}
