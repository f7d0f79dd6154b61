package io.github.tcppool.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Plain {@code java.net.Socket}s with {@code TCP_NODELAY}, as the pool's: what a program does that
 * has no pool and handles no failure.
 */
final class RawContender implements Contender {

  private final Socket[] sockets;
  private final OutputStream[] outs;
  private final boolean exchanging;
  private final int bytes;
  private final AtomicInteger turn = new AtomicInteger();

  private RawContender(
      SocketFactory factory, int port, int connections, boolean exchanging, int bytes)
      throws IOException {
    this.exchanging = exchanging;
    this.bytes = bytes;
    sockets = new Socket[connections];
    outs = new OutputStream[connections];
    for (int i = 0; i < connections; i++) {
      sockets[i] = factory.createSocket(InetAddress.getLoopbackAddress(), port);
      sockets[i].setTcpNoDelay(true);
      outs[i] = sockets[i].getOutputStream();
    }
  }

  /** Shared sockets, taken in turn, each under a lock while it is written to. */
  static RawContender sending(int port, int connections, int bytes) throws IOException {
    return new RawContender(SocketFactory.getDefault(), port, connections, false, bytes);
  }

  /** One socket held by each thread. */
  static RawContender exchanging(int port, int connections, int bytes) throws IOException {
    return new RawContender(SocketFactory.getDefault(), port, connections, true, bytes);
  }

  /** As exchanging, by one socket with TLS. */
  static RawContender exchangingTls(int port, int bytes, SSLContext context) throws IOException {
    return new RawContender(context.getSocketFactory(), port, 1, true, bytes);
  }

  /** As sending, by one socket with TLS. */
  static RawContender sendingTls(int port, int bytes, SSLContext context) throws IOException {
    return new RawContender(context.getSocketFactory(), port, 1, false, bytes);
  }

  @Override
  public Operation operation(int thread) {
    byte[] message = Contender.message(bytes);
    return exchanging ? exchange(thread, message) : () -> send(message);
  }

  private void send(byte[] message) throws IOException {
    int index = Math.floorMod(turn.getAndIncrement(), outs.length);
    OutputStream out = outs[index];
    synchronized (out) {
      out.write(message);
    }
  }

  private Operation exchange(int thread, byte[] message) {
    try {
      InputStream in = sockets[thread].getInputStream();
      OutputStream out = outs[thread];
      return () -> {
        out.write(message);
        byte[] reply = new byte[message.length];
        if (in.readNBytes(reply, 0, reply.length) < reply.length) {
          throw new EOFException("stream ended before the reply");
        }
      };
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
