package io.github.tcppool.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * As {@link LoadServer}, behind TLS: a thread for each connection, as the JDK's sockets want it.
 *
 * <p>Arguments: sink or echo, and the store with its key, whose password is in {@code STORE_PASS}.
 */
final class TlsServer {

  private static final int PIECE_BYTES = 64 << 10;

  private final LoadServer.Mode mode;
  private final ServerSocket listener;
  private final AtomicLong bytes = new AtomicLong();

  private TlsServer(LoadServer.Mode mode, ServerSocket listener) {
    this.mode = mode;
    this.listener = listener;
  }

  /** Runs one until standard input ends; answers each line with the bytes received so far. */
  public static void main(String[] args) throws Exception {
    SSLContext context =
        SelfSigned.context(Path.of(args[1]), System.getenv("STORE_PASS").toCharArray());
    try (ServerSocket listener =
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      LoadServer.Mode mode = LoadServer.Mode.valueOf(args[0].toUpperCase(Locale.ROOT));
      TlsServer server = new TlsServer(mode, listener);
      start(server::accept);
      System.out.println(listener.getLocalPort());
      while (in.readLine() != null) {
        System.out.println(server.bytes.get());
      }
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] piece = new byte[PIECE_BYTES];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        bytes.addAndGet(count);
        if (mode == LoadServer.Mode.ECHO) {
          out.write(piece, 0, count);
        }
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void start(Runnable action) {
    Thread thread = new Thread(action, "tls-server");
    thread.setDaemon(true);
    thread.start();
  }
}
