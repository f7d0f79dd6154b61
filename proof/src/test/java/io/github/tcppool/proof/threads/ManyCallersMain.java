package io.github.tcppool.proof.threads;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.TcpPeer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Very many callers share four connections, each for three exchanges and a lease. Run in a JVM of
 * its own, so that the number of carriers can be set. Prints how many were served.
 */
final class ManyCallersMain {

  private static final int CONNECTIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicInteger served = new AtomicInteger();

  private ManyCallersMain() {}

  /** The kind of threads, and how many. */
  public static void main(String[] arguments) throws Exception {
    ThreadKind kind = ThreadKind.valueOf(arguments[0]);
    int callers = Integer.parseInt(arguments[1]);
    new ManyCallersMain().run(kind, callers);
  }

  private void run(ThreadKind kind, int callers) throws Exception {
    try (TcpPeer peer = TcpPeer.builder().keepFrames(0).start();
        TcpPool pool =
            TcpPool.builder(peer.hostPort())
                .connections(CONNECTIONS)
                .framing(Framing.lines())
                .callTimeout(PATIENCE)
                .build()) {
      long begun = System.nanoTime();
      Callers.start(kind, callers, number -> call(pool, number)).join(PATIENCE);
      long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      System.out.printf("served=%d accepted=%d millis=%d%n", served.get(), peer.accepted(), millis);
    }
  }

  private void call(TcpPool pool, int number) throws Exception {
    byte[] line = ("caller " + number + "\n").getBytes(UTF_8);
    byte[] payload = Arrays.copyOf(line, line.length - 1);
    for (int i = 0; i < 3; i++) {
      check(payload, pool.exchange(line));
    }
    try (PooledSocket lease = pool.lease()) {
      lease.getOutputStream().write(line);
      check(line, lease.getInputStream().readNBytes(line.length));
    }
    served.incrementAndGet();
  }

  private static void check(byte[] expected, byte[] got) {
    if (!Arrays.equals(expected, got)) {
      throw new AssertionError("got another caller's answer: " + new String(got, UTF_8));
    }
  }
}
