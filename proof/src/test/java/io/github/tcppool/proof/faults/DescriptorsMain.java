package io.github.tcppool.proof.faults;

import io.github.tcppool.CallOptions;
import io.github.tcppool.PoolEvent;
import io.github.tcppool.TcpPool;
import io.github.tcppool.proof.checks.Call;
import io.github.tcppool.proof.checks.Ending;
import io.github.tcppool.proof.checks.History;
import io.github.tcppool.proof.checks.Message;
import io.github.tcppool.proof.checks.Verb;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * In a JVM with few descriptors: uses them all up before the pool makes its first connection, lets
 * many callers try, gives the descriptors back, and lets them try again. Prints what went wrong, or
 * {@code ok}. Arguments: the endpoint, the verb.
 */
final class DescriptorsMain {

  static final int CALLERS = 150;
  private static final Duration OUTAGE = Duration.ofMillis(600);

  private final TcpPool pool;
  private final Verb verb;
  private final History history = new History();
  private final AtomicInteger failedDials = new AtomicInteger();
  private final AtomicInteger blamed = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();

  private DescriptorsMain(String endpoint, Verb verb) {
    this.verb = verb;
    pool =
        TcpPool.builder(endpoint)
            .framing(Message.framing())
            .connections(0, 200)
            .listener(this::count)
            .build();
  }

  private void count(PoolEvent event) {
    if (event instanceof PoolEvent.DialFailed) {
      failedDials.incrementAndGet();
    } else if (event instanceof PoolEvent.EndpointDown) {
      blamed.incrementAndGet();
    }
  }

  public static void main(String[] args) throws Exception {
    new DescriptorsMain(args[0], Verb.valueOf(args[1])).run();
  }

  private void run() throws Exception {
    load(TcpPool.class);
    load(History.class);
    Deque<FileInputStream> hoard = hoard();
    Queue<Call> without = callAll(OUTAGE);
    require(history.calls(Ending.NOT_SENT).size() == CALLERS, "all fail unsent", without);
    for (Call call : without) {
      require(
          String.valueOf(call.failure().getMessage()).contains("Too many open files"),
          "the cause is told",
          call.failure());
    }
    require(failedDials.get() <= 20, "at most 20 dials a second", failedDials);
    require(pool.snapshot().endpoints().get(0).up(), "the endpoint is not blamed", pool.snapshot());

    List<Thread> waiting = new ArrayList<>();
    Queue<Call> late = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < CALLERS; i++) {
      waiting.add(start(Duration.ofSeconds(10), late));
    }
    while (pool.snapshot().waiting() < CALLERS) {
      Thread.onSpinWait();
    }
    long back = System.nanoTime();
    for (FileInputStream each : hoard) {
      each.close();
    }
    for (Thread thread : waiting) {
      thread.join();
    }
    require(late.stream().allMatch(Call::succeeded), "all succeed", late);
    long first = late.stream().mapToLong(Call::endedNanos).min().orElseThrow() - back;
    require(first < 750_000_000L, "250 ms until the first; more on a busy machine", first);
    require(blamed.get() == 0, "the endpoint was never blamed", blamed);
    System.out.println("first success after ms: " + first / 1_000_000);
    pool.close();
    System.out.println("ok");
  }

  /**
   * Loads all classes that came with this one, and initialises none: from a jar they could be
   * loaded without a descriptor, from a directory they could not.
   */
  private static void load(Class<?> one) throws Exception {
    Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        String name = root.relativize(file).toString().replace('/', '.');
        if (name.startsWith("io.github.tcppool.") && !name.contains("jcstress")) {
          Class.forName(name.substring(0, name.length() - 6), false, one.getClassLoader());
        }
      }
    }
  }

  /** Takes every descriptor there is. */
  private static Deque<FileInputStream> hoard() {
    Deque<FileInputStream> hoard = new ArrayDeque<>();
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      return hoard; // that was the last
    }
  }

  private Queue<Call> callAll(Duration allowed) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    Queue<Call> calls = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < CALLERS; i++) {
      threads.add(start(allowed, calls));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return calls;
  }

  private Thread start(Duration allowed, Queue<Call> calls) {
    Message message = Message.of(Message.ASIDE, ids.incrementAndGet());
    Thread thread =
        new Thread(() -> calls.add(history.call(verb, pool, message, CallOptions.within(allowed))));
    thread.start();
    return thread;
  }

  private static void require(boolean fact, String rule, Object seen) {
    if (!fact) {
      System.out.println(rule + ", but: " + seen);
      Runtime.getRuntime().halt(1);
    }
  }
}
