package io.github.tcppool;

import static io.github.tcppool.Bench.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The ways to get one line to a server through a pool whose framing is lines. */
enum EntryPoint {
  SEND {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      pool.send(utf8(line), CallOptions.within(within));
    }
  },
  EXCHANGE {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      checkEcho(line, pool.exchange(utf8(line), CallOptions.within(within)));
    }
  },
  CONVERSATION {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      byte[] echo =
          pool.exchange(
              (in, out) -> {
                out.write(utf8(line + "\n"));
                return readLine(in);
              },
              CallOptions.within(within));
      checkEcho(line, echo);
    }
  },
  LEASE {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      long start = System.nanoTime();
      try (PooledSocket socket = pool.lease(CallOptions.within(within))) {
        dialogue(socket, line, within.minusNanos(System.nanoTime() - start));
      }
    }
  },
  AS_SOCKET {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      try (DeadlineSocket socket = pool.asSocket()) {
        socket.setDeadline(within);
        socket.getOutputStream().write(utf8(line + "\n"));
      }
    }
  },
  FACTORY_SOCKET {
    @Override
    void talk(TcpPool pool, String line, Duration within) throws IOException {
      long start = System.nanoTime();
      Endpoint endpoint = pool.snapshot().endpoints().get(0).endpoint();
      try (DeadlineSocket socket = (DeadlineSocket) pool.asSocketFactory().createSocket()) {
        socket.connect(
            new InetSocketAddress(endpoint.host(), endpoint.port()), (int) within.toMillis());
        dialogue(socket, line, within.minusNanos(System.nanoTime() - start));
      }
    }
  };

  /** Hands over one line, and waits for its echo where the entry point is for that. */
  abstract void talk(TcpPool pool, String line, Duration within) throws IOException;

  void talk(TcpPool pool, String line) throws IOException {
    talk(pool, line, Duration.ofSeconds(5));
  }

  private static void dialogue(DeadlineSocket socket, String line, Duration left)
      throws IOException {
    socket.setDeadline(left.isNegative() ? Duration.ZERO : left);
    socket.getOutputStream().write(utf8(line + "\n"));
    checkEcho(line, readLine(socket.getInputStream()));
  }

  private static void checkEcho(String line, byte[] echo) {
    assertThat(Bench.text(echo)).isEqualTo(line);
  }

  private static byte[] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] piece = new byte[8_192];
    while (true) {
      int count = in.read(piece);
      if (count < 0) {
        throw new EOFException("stream ended within a line");
      }
      line.write(piece, 0, count);
      byte[] soFar = line.toByteArray();
      if (soFar[soFar.length - 1] == '\n') {
        return java.util.Arrays.copyOf(soFar, soFar.length - 1);
      }
    }
  }
}
