package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.Endpoint;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.TcpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.time.Duration;

/** Logs in on every new connection before anybody uses it. */
public final class LoginFirst {

  private LoginFirst() {}

  /** Talks to a guarded server that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer server = Peers.guarded();
        TcpPool pool =
            TcpPool.builder(server.hostPort())
                .framing(Framing.lines())
                .connectTimeout(Duration.ofSeconds(2)) // bounds dial and login together
                .onConnect(LoginFirst::login)
                .build()) {
      System.out.println(new String(pool.exchange("hello".getBytes(UTF_8)), UTF_8));
    }
  }

  static void login(DeadlineSocket socket, Endpoint endpoint) throws IOException {
    expect(socket.getInputStream(), "220");
    socket.getOutputStream().write("LOGIN shipper\n".getBytes(UTF_8));
    expect(socket.getInputStream(), "230");
  }

  private static void expect(InputStream in, String code) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > 200) {
        throw new ProtocolException("no answer to the login");
      }
      line.append((char) next);
    }
    if (line.indexOf(code) != 0) {
      throw new ProtocolException("server answered " + line.substring(0, 3));
    }
  }
}
