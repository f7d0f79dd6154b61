package io.github.tcppool.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One client's connection, from its acceptance to its end. */
final class Visit implements Runnable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Socket accepted;
  private final Socket socket;
  private final Server server;

  /** Set by {@link #leave}: from then on nothing is echoed. */
  private volatile boolean leaving;

  /** With the socket to talk through, which is the accepted one or TLS over it. */
  Visit(Socket accepted, Socket socket, Server server) {
    this.accepted = accepted;
    this.socket = socket;
    this.server = server;
  }

  @Override
  public void run() {
    LinePrinter printer = server.printer();
    LinePrinter.Lines lines = printer == null ? null : printer.lines();
    try (socket) {
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int length; (length = in.read(chunk)) >= 0; ) {
        server.received(chunk, length);
        if (lines != null) {
          lines.print(chunk, length);
        }
        if (server.isEcho() && !leaving) {
          echo(out, chunk, length);
        }
      }
    } catch (IOException e) {
      // The client broke the connection; clients may.
    } finally {
      if (lines != null) {
        lines.end();
      }
      server.ended(this);
    }
  }

  private void echo(OutputStream out, byte[] chunk, int length) throws IOException {
    try {
      out.write(chunk, 0, length);
    } catch (IOException e) {
      if (!leaving) {
        throw e;
      }
    }
  }

  /** Sends a FIN, and lets the reading go on to the client's. */
  void leave() {
    leaving = true;
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // It has ended meanwhile.
    }
  }

  /** Beneath TLS, whose own close would wait for a writer. */
  void cut() {
    try {
      accepted.close();
    } catch (IOException e) {
      // It has ended meanwhile.
    }
  }
}
