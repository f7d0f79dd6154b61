package io.github.tcppool.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * An exchange through a pool with TLS beside one over a raw {@link SSLSocket}, both with the same
 * echo server in this process, in turns.
 */
public final class TlsComparison {

  private static final int ROUNDS = 9;

  private interface Exchange {
    void perform(byte[] message) throws IOException;
  }

  private TlsComparison() {}

  /** Prints medians of rounds for small and for large messages. */
  public static void main(String[] args) throws Exception {
    SSLContext context = context();
    try (ServerSocket server = serve(context);
        TcpPool pool =
            TcpPool.builder("127.0.0.1:" + server.getLocalPort())
                .framing(Framing.lengthPrefix(4))
                .connections(1)
                .tls(TlsOptions.defaults().context(context))
                .build();
        SSLSocket raw =
            (SSLSocket)
                context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
      raw.setTcpNoDelay(true);
      System.out.println(Machine.describe());
      compare("exchange 64 B", 64, 20_000, pool::exchange, rawExchange(raw));
      compare("exchange 64 KiB", 64 << 10, 2_000, pool::exchange, rawExchange(raw));
    }
  }

  private static void compare(String what, int bytes, int messages, Exchange ours, Exchange theirs)
      throws IOException {
    byte[] message = new byte[bytes];
    for (int i = 0; i < 3; i++) {
      medianMicros(ours, message, messages);
      medianMicros(theirs, message, messages);
    }
    double[] mine = new double[ROUNDS];
    double[] raw = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      mine[round] = medianMicros(ours, message, messages);
      raw[round] = medianMicros(theirs, message, messages);
    }
    Arrays.sort(mine);
    Arrays.sort(raw);
    System.out.printf(
        "%s: pool %.1f us (%.1f to %.1f), SSLSocket %.1f us (%.1f to %.1f), %.2f x%n",
        what,
        mine[ROUNDS / 2],
        mine[0],
        mine[ROUNDS - 1],
        raw[ROUNDS / 2],
        raw[0],
        raw[ROUNDS - 1],
        mine[ROUNDS / 2] / raw[ROUNDS / 2]);
  }

  private static double medianMicros(Exchange side, byte[] message, int messages)
      throws IOException {
    long[] nanos = new long[messages];
    for (int i = 0; i < messages; i++) {
      long start = System.nanoTime();
      side.perform(message);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[messages / 2] / 1e3;
  }

  /**
   * The same bytes on the wire as the pool's: four for the length, then the message, in one write.
   */
  private static Exchange rawExchange(SSLSocket socket) throws IOException {
    DataInputStream in =
        new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    OutputStream out = socket.getOutputStream();
    return message -> {
      byte[] frame = new byte[4 + message.length];
      java.nio.ByteBuffer.wrap(frame).putInt(message.length).put(message);
      out.write(frame);
      byte[] reply = new byte[in.readInt()];
      in.readFully(reply);
    };
  }

  private static ServerSocket serve(SSLContext context) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(
        () -> {
          while (true) {
            try {
              Socket client = server.accept();
              client.setTcpNoDelay(true);
              start(() -> echo(client, context));
            } catch (IOException e) {
              return; // closed
            }
          }
        });
    return server;
  }

  private static void echo(Socket client, SSLContext context) {
    try (Socket tls =
        context.getSocketFactory().createSocket(client, InputStream.nullInputStream(), true)) {
      InputStream in = tls.getInputStream();
      OutputStream out = tls.getOutputStream();
      byte[] piece = new byte[64 << 10];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        out.write(piece, 0, count);
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static void start(Runnable action) {
    Thread thread = new Thread(action, "tls-echo");
    thread.setDaemon(true);
    thread.start();
  }

  /** One that shows and trusts a certificate made by keytool for this run. */
  private static SSLContext context()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path dir = Files.createTempDirectory("tls");
    Path store = dir.resolve("key.p12");
    String password = UUID.randomUUID().toString();
    try {
      ProcessBuilder keytool =
          new ProcessBuilder(
                  (Path.of(System.getProperty("java.home"), "bin", "keytool")
                          + " -genkeypair -keyalg EC -dname CN=localhost -ext san=ip:127.0.0.1"
                          + " -storetype PKCS12 -storepass:env STORE_PASS -keystore "
                          + store)
                      .split(" ", -1))
              .redirectErrorStream(true);
      keytool.environment().put("STORE_PASS", password);
      Process process = keytool.start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + said);
      }
      KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(keys, password.toCharArray());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(keys);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } finally {
      Files.deleteIfExists(store);
      Files.delete(dir);
    }
  }
}
