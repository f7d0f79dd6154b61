package io.github.tcppool.proof.faults;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PooledSocket;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.History;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client in a JVM whose clock is moved, or which is frozen. Keeps two idle connections and obeys:
 * {@code look} tells by how many seconds wall clock and monotonic clock have drifted apart, {@code
 * look on} how many connections are idle after housekeeping, {@code call} how a call with 500 ms
 * ends. Arguments: the endpoint, the verb.
 */
final class ClockMain {

  private static final Duration ALLOWED = Duration.ofMillis(500);
  private static final Message REQUEST = Message.of(Message.ASIDE, 1);

  private ClockMain() {}

  public static void main(String[] args) throws Exception {
    Verb verb = args.length > 1 ? Verb.valueOf(args[1]) : Verb.EXCHANGE;
    try (TcpPool pool =
            TcpPool.builder(args[0])
                .framing(Message.framing())
                .connections(2)
                .maxIdle(Duration.ofSeconds(args.length > 1 ? 1 : 30)) // for the frozen one
                .maxLifetime(Duration.ofSeconds(90))
                .connectEagerly()
                .build();
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      long wall = System.currentTimeMillis();
      long steady = System.nanoTime();
      System.out.println("idle " + idle(pool));
      for (String order = orders.readLine();
          order != null && !order.equals("end");
          order = orders.readLine()) {
        switch (order) {
          case "look" -> {
            long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - steady);
            System.out.println((System.currentTimeMillis() - wall - elapsed) / 1_000);
          }
          case "look on" -> {
            pool.update(options -> options.maxPending(100)); // wakes the housekeeper
            try (Socket lease = pool.lease()) {
              lease.setSoTimeout(0);
            }
            System.out.println("idle " + idle(pool));
          }
          default -> System.out.println(verb == Verb.LEASE ? lease(pool) : exchange(pool));
        }
      }
    }
  }

  /**
   * Housekeeping owns a connection at which it looks, on a busy machine for longer than a moment.
   */
  private static int idle(TcpPool pool) {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (pool.snapshot().leased() > 0 && System.nanoTime() - giveUp < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return pool.snapshot().idle();
  }

  private static Object exchange(TcpPool pool) {
    CallOptions allowed = CallOptions.within(ALLOWED);
    return new History().call(Verb.EXCHANGE, pool, REQUEST, allowed).ending();
  }

  /** With a timeout, which is counted by the read; a deadline that has passed ends every read. */
  private static Object lease(TcpPool pool) throws IOException {
    try (PooledSocket socket = pool.lease()) {
      socket.setSoTimeout((int) ALLOWED.toMillis());
      socket.getOutputStream().write(REQUEST.frame());
      byte[] reply = socket.getInputStream().readNBytes(REQUEST.frame().length);
      return Arrays.equals(reply, REQUEST.frame()) ? Ending.CONFIRMED : Ending.WRONG_REPLY;
    } catch (SocketTimeoutException e) {
      return Ending.UNKNOWN;
    }
  }
}
