package io.github.tcppool.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The server that load is sent to: swallows what it reads, or sends it back. One thread, one
 * buffer, no allocation per message.
 *
 * <p>The sink does not wait for bytes: it looks at all connections every {@value #PAUSE_MICROS} µs.
 * On loopback, a reader that waits is woken by its sender, at a cost that can exceed that of the
 * write, which no sender pays whose peer is on another machine.
 *
 * <p>{@link #main} runs one as a process: it prints its port, answers each line of standard input
 * with the number of bytes received so far, and ends with standard input, so that it never outlives
 * whoever started it.
 */
final class LoadServer implements Closeable {

  /** What is done with the bytes that arrive. */
  enum Mode {
    SINK,
    ECHO
  }

  private static final int BUFFER_BYTES = 256 << 10;
  private static final int BACKLOG = 4096;
  private static final int PAUSE_MICROS = 100;

  private final Mode mode;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final Thread loop;
  private final int port;

  /** Written by the loop only. */
  private final AtomicLong bytes = new AtomicLong();

  private volatile boolean closing;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  private LoadServer(Mode mode, int port) throws IOException {
    this.mode = mode;
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    this.port = listener.socket().getLocalPort();
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    loop = new Thread(this::serve, "load-server");
    loop.setDaemon(true);
  }

  /** A server on a free port of the loopback interface, running. */
  static LoadServer start(Mode mode) throws IOException {
    return start(mode, 0);
  }

  /** A server on this port of the loopback interface, running. */
  static LoadServer start(Mode mode, int port) throws IOException {
    LoadServer server = new LoadServer(mode, port);
    server.loop.start();
    return server;
  }

  int port() {
    return port;
  }

  /** How many bytes have been received, over all connections. */
  long bytesReceived() {
    return bytes.get();
  }

  private void serve() {
    try (selector;
        listener) {
      while (!closing) {
        if (mode == Mode.SINK) {
          drain();
        } else {
          selector.select(this::handle);
        }
      }
      selector.keys().forEach(LoadServer::close);
    } catch (IOException e) {
      throw new UncheckedIOException("load server broke", e);
    }
  }

  private void drain() throws IOException {
    selector.selectNow(this::handle);
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.channel() instanceof SocketChannel) {
        handle(key);
      }
    }
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(PAUSE_MICROS));
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else if (key.attachment() instanceof ByteBuffer rest) {
        send(key, (SocketChannel) key.channel(), rest);
      } else {
        receive(key, (SocketChannel) key.channel());
      }
    } catch (IOException e) {
      close(key); // a client that went away; what it sent is counted
    }
  }

  private void accept() throws IOException {
    SocketChannel client = listener.accept();
    if (client != null) {
      client.configureBlocking(false);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.register(selector, mode == Mode.SINK ? 0 : SelectionKey.OP_READ);
    }
  }

  private void receive(SelectionKey key, SocketChannel client) throws IOException {
    int count = client.read(buffer.clear());
    if (count < 0) {
      close(key);
      return;
    }
    bytes.setRelease(bytes.getPlain() + count);
    if (mode == Mode.ECHO) {
      send(key, client, buffer.flip());
    }
  }

  /** Sends back; what the client does not take yet is kept, and nothing more is read until then. */
  private static void send(SelectionKey key, SocketChannel client, ByteBuffer reply)
      throws IOException {
    client.write(reply);
    if (reply.hasRemaining()) {
      if (key.attachment() == null) {
        ByteBuffer rest = ByteBuffer.allocateDirect(reply.remaining()).put(reply).flip();
        key.attach(rest);
        key.interestOps(SelectionKey.OP_WRITE);
      }
    } else if (key.attachment() != null) {
      key.attach(null);
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      // the descriptor is gone in any case
    }
  }

  /** Ends the loop, which closes everything: nobody else knows what it has just accepted. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    boolean interrupted = false;
    while (loop.isAlive()) {
      try {
        loop.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs the server named by the argument, sink or echo, until standard input ends. */
  public static void main(String[] args) throws IOException {
    Mode mode = Mode.valueOf(args[0].toUpperCase(Locale.ROOT));
    try (LoadServer server = start(mode);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      System.out.println(server.port());
      while (in.readLine() != null) {
        System.out.println(server.bytesReceived());
      }
    }
  }
}
