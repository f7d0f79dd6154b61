package io.github.tcppool.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server that reads everything its clients send, and echoes or prints it if told to.
 *
 * <p>One daemon thread per connection, at most {@code maxConnections}; further clients wait in the
 * backlog of the kernel.
 */
public final class Server implements AutoCloseable {
  private static final long RETRY_NANOS = 10_000_000;

  private final ServerSocket listener;
  private final int maxConnections;
  private final Semaphore places;
  private final boolean echo;
  private final @Nullable LinePrinter printer;
  private final @Nullable SSLContext tls;
  private final Set<Visit> visits = ConcurrentHashMap.newKeySet();
  private final LongAdder connections = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder lines = new LongAdder();

  /**
   * Listens from now on, and serves after {@link #start}.
   *
   * @param printer what prints all that is received, or null
   * @param tls what shows our certificate, or null to speak in clear
   */
  public Server(
      InetSocketAddress address,
      int maxConnections,
      boolean echo,
      @Nullable LinePrinter printer,
      @Nullable SSLContext tls)
      throws IOException {
    this.tls = tls;
    this.maxConnections = maxConnections;
    this.places = new Semaphore(maxConnections);
    this.echo = echo;
    this.printer = printer;
    listener = new ServerSocket();
    try {
      // The port of a server that has just ended is free again at once.
      listener.setReuseAddress(true);
      listener.bind(address, 1_024);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  /** Begins to accept clients. */
  public void start() {
    Thread acceptor = new Thread(this::accept, "tcp-pool-serve");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      places.acquireUninterruptibly();
      try {
        serve(listener.accept());
      } catch (IOException e) {
        // The listener is closed, or there is no descriptor left: then those who leave make room.
        places.release();
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void serve(Socket accepted) throws IOException {
    connections.increment();
    Visit visit = new Visit(accepted, secured(accepted), this);
    visits.add(visit);
    if (listener.isClosed()) {
      visit.leave(); // close() may have missed this one
    }
    Thread thread = new Thread(visit, "tcp-pool-serve-" + connections.sum());
    thread.setDaemon(true);
    thread.start();
  }

  /** The handshake comes with the first read, on the thread of the visit. */
  private Socket secured(Socket accepted) throws IOException {
    if (tls == null) {
      return accepted;
    }
    SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory().createSocket(accepted, InputStream.nullInputStream(), true);
    secured.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return secured;
  }

  boolean isEcho() {
    return echo;
  }

  @Nullable LinePrinter printer() {
    return printer;
  }

  void received(byte[] chunk, int length) {
    bytes.add(length);
    long ends = 0;
    for (int i = 0; i < length; i++) {
      if (chunk[i] == '\n') {
        ends++;
      }
    }
    lines.add(ends);
  }

  void ended(Visit visit) {
    visits.remove(visit);
    places.release();
  }

  /** The address that clients connect to. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Connections that are open now. */
  public int open() {
    return visits.size();
  }

  /** Connections accepted so far. */
  public long connections() {
    return connections.sum();
  }

  /** Bytes received so far. */
  public long bytes() {
    return bytes.sum();
  }

  /** Ends of lines received so far. */
  public long lines() {
    return lines.sum();
  }

  /**
   * Stops as a good server does: accepts no more, says so to every client by a FIN, and reads what
   * they still send until they have ended too, or the time is up.
   *
   * @return how many connections had to be cut
   */
  public int stop(Duration limit) throws InterruptedException {
    closeListener();
    visits.forEach(Visit::leave);
    // Every visit that ends gives its place back; the one that waits to accept does so too.
    int cut = 0;
    if (places.tryAcquire(maxConnections, limit.toNanos(), TimeUnit.NANOSECONDS)) {
      places.release(maxConnections);
    } else {
      cut = visits.size();
    }
    visits.forEach(Visit::cut);
    return cut;
  }

  private void closeListener() {
    try {
      listener.close();
    } catch (IOException e) {
      // Then it is as good as closed.
    }
  }

  /** Stops without waiting for anybody. */
  @Override
  public void close() {
    closeListener();
    visits.forEach(Visit::cut);
  }
}
