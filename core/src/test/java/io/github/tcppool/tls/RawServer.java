package io.github.tcppool.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on loopback whose every byte a test decides; a thread for each connection. */
final class RawServer implements AutoCloseable {

  /** Serves one connection; whatever it throws ends it. */
  interface Handler {
    void serve(Socket socket) throws Exception;
  }

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  RawServer(Handler handler) throws IOException {
    this.handler = handler;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** A server that sends back what comes, through TLS. */
  static RawServer echo(SSLContext context, boolean asksForCertificate) throws IOException {
    return new RawServer(
        socket -> {
          SSLSocket tls = secure(socket, context);
          tls.setNeedClientAuth(asksForCertificate);
          echo(tls);
        });
  }

  static void echo(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    byte[] piece = new byte[16_384];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      out.write(piece, 0, count);
    }
  }

  /** The server's end of TLS over a connection. */
  static SSLSocket secure(Socket socket, SSLContext context) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, InputStream.nullInputStream(), false);
    tls.setUseClientMode(false);
    return tls;
  }

  String hostPort() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  int port() {
    return listener.getLocalPort();
  }

  int accepted() {
    return accepted.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true); // a handshake is many small writes
        open.add(socket);
        accepted.incrementAndGet();
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      handler.serve(socket);
    } catch (Exception e) {
      // the client, or the test, has ended it
    } finally {
      open.remove(socket);
    }
  }

  private static void start(Runnable action) {
    Thread thread = new Thread(action, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
