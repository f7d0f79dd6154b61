package io.github.tcppool.proof.chaos;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.framing.Framing;
import io.github.tcppool.testkit.Behaviour;
import io.github.tcppool.testkit.Ports;
import io.github.tcppool.testkit.TcpPeer;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that makes its calls when there is no descriptor left in its process, and again when
 * they have come back.
 *
 * <p>Arguments: the address of a server that echoes lines, and how many callers. Prints what it
 * measured.
 */
final class StarvedCaller {

  private static final byte[] LINE = "hello".getBytes(StandardCharsets.US_ASCII);
  private static final Duration STARVING = Duration.ofSeconds(1);

  private final Deque<Closeable> eaten = new ArrayDeque<>();
  private final AtomicInteger dials = new AtomicInteger();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Queue<Long> successes = new ConcurrentLinkedQueue<>();

  private StarvedCaller() {}

  public static void main(String[] args) throws Exception {
    new StarvedCaller().run(args[0], Integer.parseInt(args[1]));
  }

  private void run(String server, int callers) throws Exception {
    rehearse(server);
    try (TcpPool pool = pool(server)) {
      eatAll();
      Callers those = new Callers();
      for (int i = 0; i < callers; i++) {
        those.start(() -> call(pool, STARVING));
      }
      boolean ended = those.join(STARVING.plusSeconds(10));
      System.out.println("ended=" + (ended ? 1 : 0));
      System.out.println("dials=" + dials.get());
      System.out.println("failures=" + failures.size());
      System.out.println("errors=" + failures.stream().filter(t -> t instanceof Error).count());
      System.out.println("named=" + failures.stream().filter(StarvedCaller::namesTheCause).count());
      failures.clear();
      recover(pool, callers);
    }
  }

  /** Has a call succeed and others fail, as there is no descriptor later by which to load code. */
  private void rehearse(String server) throws InterruptedException {
    try (TcpPeer rude = TcpPeer.start(Behaviour.close());
        TcpPeer torn = TcpPeer.start(Behaviour.sink().afterBytes(1, Behaviour.reset()))) {
      String refusing = "127.0.0.1:" + Ports.unused();
      for (String endpoint : List.of(server, refusing, rude.hostPort(), torn.hostPort())) {
        try (TcpPool pool = pool(endpoint)) {
          Callers one = new Callers();
          one.start(() -> call(pool, Duration.ofMillis(300)));
          boolean ended = one.join(Duration.ofSeconds(10));
          System.out.println("rehearsed=" + (ended ? failures.size() : -1));
        }
      }
    }
    failures.clear();
    successes.clear();
    dials.set(0);
  }

  private void recover(TcpPool pool, int callers) throws Exception {
    Callers those = new Callers();
    for (int i = 0; i < callers; i++) {
      those.start(() -> call(pool, Duration.ofSeconds(10)));
    }
    TimeUnit.MILLISECONDS.sleep(1_000); // a while in want, in which the backoff grows
    while (!eaten.isEmpty()) {
      eaten.pop().close();
    }
    long returned = System.nanoTime();
    boolean ended = those.join(Duration.ofSeconds(20));
    long first = successes.stream().mapToLong(at -> at - returned).min().orElse(Long.MAX_VALUE);
    long last = successes.stream().mapToLong(at -> at - returned).max().orElse(Long.MAX_VALUE);
    System.out.println("recovered=" + (ended ? successes.size() : 0));
    System.out.println("lost=" + failures.size());
    System.out.println("first=" + first / 1_000_000);
    System.out.println("last=" + last / 1_000_000);
    failures.forEach(System.out::println);
  }

  private TcpPool pool(String server) {
    return TcpPool.builder(server)
        .framing(Framing.lines())
        .connections(0, 200)
        .listener(
            event -> {
              if (event instanceof PoolEvent.DialFailed) {
                dials.incrementAndGet();
              }
            })
        .build();
  }

  private void eatAll() throws IOException {
    try {
      while (true) {
        eaten.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      System.out.println("eaten=" + eaten.size());
    }
  }

  private void call(TcpPool pool, Duration within) {
    try {
      byte[] unused = pool.exchange(LINE, CallOptions.within(within));
      successes.add(System.nanoTime());
    } catch (Throwable t) { // also errors, which must not escape
      failures.add(t);
    }
  }

  private static boolean namesTheCause(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("Too many open files");
  }
}
