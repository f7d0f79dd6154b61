package io.github.tcppool.proof.chaos;

import io.github.tcppool.ReplyFailedException;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.FrameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A program that asks servers which answer with bombs, in a JVM with little memory.
 *
 * <p>Arguments: how many times to ask each, then a bomb and the address of its server, and so on.
 * Prints what it measured.
 */
final class BombedCaller {

  private static final byte[] REQUEST = "hello".getBytes(StandardCharsets.US_ASCII);

  private long refused;
  private long reached;
  private long slowestNanos;
  private long mostBytes;

  private BombedCaller() {}

  public static void main(String[] args) throws Exception {
    BombedCaller caller = new BombedCaller();
    int turns = Integer.parseInt(args[0]);
    for (int i = 1; i < args.length; i += 2) {
      Bomb bomb = Bomb.valueOf(args[i]);
      caller.ask(bomb, args[i + 1], 1); // loads the code
      caller.slowestNanos = 0;
      caller.ask(bomb, args[i + 1], turns);
      System.out.println(bomb + "=" + caller.slowestNanos / 1_000);
    }
    System.out.println("refused=" + caller.refused);
    System.out.println("reached=" + caller.reached);
    System.out.println("bytes=" + caller.mostBytes);
  }

  private void ask(Bomb bomb, String server, int turns) throws Exception {
    try (TcpPool pool =
        TcpPool.builder(server)
            .framing(bomb.framing())
            .callTimeout(Duration.ofSeconds(5))
            .build()) {
      for (int turn = 0; turn < turns; turn++) {
        long bytes = pool.snapshot().endpoints().get(0).bytesRead();
        long begun = System.nanoTime();
        askOnce(pool);
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - begun);
        mostBytes = Math.max(mostBytes, pool.snapshot().endpoints().get(0).bytesRead() - bytes);
      }
    }
  }

  private void askOnce(TcpPool pool) throws IOException {
    try {
      byte[] unused = pool.exchange(REQUEST);
      reached++;
    } catch (ReplyFailedException e) {
      if (!(e.getCause() instanceof FrameException)) {
        throw e;
      }
      refused++;
    }
  }
}
