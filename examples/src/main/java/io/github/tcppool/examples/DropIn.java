package io.github.tcppool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.DeadlineSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.TcpPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;

/** The two ways in for code that wants a {@link Socket}. */
public final class DropIn {

  private DropIn() {}

  /** Runs both against an echo server that it starts itself. */
  public static void main(String[] args) throws IOException {
    try (TcpPeer echo = TcpPeer.start(Behaviour.echo());
        TcpPool pool = TcpPool.builder(echo.hostPort()).framing(Framing.lines()).build()) {
      oneSocketOverAll(pool);
    }
    try (TcpPeer echo = TcpPeer.start(Behaviour.echo());
        TcpPool pool = TcpPool.open(echo.hostPort())) {
      library(pool.asSocketFactory(), "127.0.0.1", echo.port());
    }
  }

  static void oneSocketOverAll(TcpPool pool) throws IOException {
    try (DeadlineSocket socket = pool.asSocket()) {
      socket.setDeadline(Duration.ofSeconds(5)); // reads and writes
      OutputStream out = socket.getOutputStream();
      out.write("Hel".getBytes(UTF_8)); // held until the line is whole
      out.write("lo!\n".getBytes(UTF_8)); // now it goes out, in one piece, on one connection
      System.out.print(new String(socket.getInputStream().readNBytes(6), UTF_8));
      System.out.println();
    }
  }

  /** Stands for a library that knows nothing of pools. */
  static void library(SocketFactory factory, String host, int port) throws IOException {
    for (int i = 0; i < 3; i++) {
      try (Socket socket = factory.createSocket(host, port)) { // the same connection each time
        socket.getOutputStream().write("hello\n".getBytes(UTF_8));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        System.out.println(in.readLine());
      }
    }
  }
}
