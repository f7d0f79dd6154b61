package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.TlsOptions;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.file.Path;

/** Lines through TLS, from the first byte or after a greeting in clear. */
public final class SecureLines {

  private SecureLines() {}

  /** Talks to servers that it starts itself, with a key that exists for this run only. */
  public static void main(String[] args) throws IOException {
    try (ThrowAwayKey key = ThrowAwayKey.make("127.0.0.1")) {
      TlsOptions trusting = TlsOptions.defaults().trust(key.certificate());
      try (TcpPeer server =
              TcpPeer.builder().tls(key.context()).behaviour(Behaviour.echo()).start();
          TcpPool pool =
              TcpPool.builder(server.hostPort()).framing(Framing.lines()).tls(trusting).build()) {
        System.out.println(new String(pool.exchange("hello".getBytes(UTF_8)), UTF_8));
      }
      try (StartTlsServer server = StartTlsServer.start(key.context());
          TcpPool pool =
              startedByHook(TcpPool.builder(server.hostPort()).framing(Framing.lines()), trusting)
                  .build()) {
        System.out.println(new String(pool.exchange("hello again".getBytes(UTF_8)), UTF_8));
        try (PooledSocket lease = pool.lease()) {
          System.out.println("secured: " + lease.tlsSession().isPresent());
        }
      }
    }
  }

  /** What a client of a house with an authority of its own says. */
  static TlsOptions house() {
    TlsOptions tls =
        TlsOptions.defaults()
            .trust(Path.of("authority.pem")) // and nobody else
            .identity(Path.of("client.pem"), Path.of("client.key")) // if the server asks
            .serverName("db.example"); // for endpoints that are addresses
    return tls;
  }

  /** The shortest. */
  static TcpPool shortest() {
    TcpPool pool = TcpPool.builder("db.example:6514").tls().build();
    return pool;
  }

  private static TcpPool.Builder startedByHook(TcpPool.Builder builder, TlsOptions tls) {
    builder
        .tls(tls.startedByHook())
        .onConnect(
            (socket, endpoint) -> {
              String greeting = readLine(socket.getInputStream());
              if (!greeting.startsWith("220")) {
                throw new IOException("not ready: " + greeting);
              }
              socket.getOutputStream().write("STARTTLS\n".getBytes(UTF_8));
              String answer = readLine(socket.getInputStream()); // to its end, and no further
              if (!answer.equals("go")) {
                throw new IOException("no TLS: " + answer);
              }
              socket.startTls(); // from here on, everything is protected
            });
    return builder;
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > 200) {
        throw new ProtocolException("no line");
      }
      line.append((char) next);
    }
    return line.toString();
  }
}
